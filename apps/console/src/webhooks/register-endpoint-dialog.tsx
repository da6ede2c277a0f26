import { Button, Group, Stack } from '@mantine/core';
import type { ReactElement } from 'react';
import { useNavigate } from 'react-router';
import { forgetFormKey } from '../api/form-key.js';
import { useWrite } from '../api/use-write.js';
import { DialogFrame } from '../common/dialog-frame.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { useDraft } from '../common/use-draft.js';
import { EndpointFields, emptyEndpoint, endpointFields, factsOf, isReadyEndpoint } from './endpoint-fields.js';
import { registerEndpoint, showEndpoint } from './webhook-writes.js';

interface Props {
  readonly accountId: string;
  readonly onClose: () => void;
}

const Form = ({ accountId, onClose }: Props): ReactElement => {
  const navigate = useNavigate();
  const form = `webhook-endpoint.${accountId}`;
  const [draft, change, forget] = useDraft(form, emptyEndpoint);
  const write = useWrite(() => registerEndpoint(form, accountId, factsOf(draft)), {
    onDone: ({ webhookEndpoint }) => {
      forgetFormKey(form);
      forget();
      showEndpoint(accountId, webhookEndpoint);
      void navigate(`/accounts/${accountId}/webhooks/endpoints/${webhookEndpoint.endpointId}`, { replace: true });
    },
  });
  const { problem } = write;
  const isReady = isReadyEndpoint(draft);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void write.run();
      }}
    >
      <Stack gap="md">
        <EndpointFields {...{ accountId, draft, change, problem }} />
        {problem !== undefined && <ProblemNotice problem={problem} shownFields={endpointFields} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={write.isRunning} disabled={!isReady}>
            Register endpoint
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

export const RegisterEndpointDialog = (props: Props): ReactElement => (
  <DialogFrame onClose={props.onClose} size={560} title="Register an endpoint">
    <Form {...props} />
  </DialogFrame>
);
