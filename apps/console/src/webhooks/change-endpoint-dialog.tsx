import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { queryClient } from '../api/query-client.js';
import { useWrite } from '../api/use-write.js';
import { DialogFrame } from '../common/dialog-frame.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { useDraft } from '../common/use-draft.js';
import { Differences, WhoChanged } from './endpoint-changed.js';
import {
  draftOf,
  EndpointFields,
  endpointFields,
  factsOf,
  isReadyEndpoint,
  type EndpointDraft,
} from './endpoint-fields.js';
import { endpointQuery, type EndpointPath, type WebhookEndpoint } from './webhook-queries.js';
import { showEndpoint, updateEndpoint } from './webhook-writes.js';

interface Props {
  readonly path: EndpointPath;
  readonly endpoint: WebhookEndpoint;
  readonly onClose: () => void;
}

const fieldNames = ['url', 'description', 'types', 'scheme'] as const;

const differing = (left: EndpointDraft, right: EndpointDraft) =>
  fieldNames.filter((field) => left[field].trim() !== right[field].trim());

/** Only what the person has changed: what somebody else has changed meanwhile stays as it is. */
const changesIn = (draft: EndpointDraft, base: EndpointDraft) => {
  const facts = factsOf(draft);
  return Object.fromEntries(differing(draft, base).map((field) => [field, facts[field]]));
};

/** The form, on top of the endpoint as it was when the form was opened, or as one has looked at it again. */
const useChange = ({ path, endpoint, onClose }: Props) => {
  const [begun] = useState(endpoint);
  const [base, setBase] = useState(begun);
  const [meanwhile, setMeanwhile] = useState<{ readonly field: string; readonly now: string }[]>([]);
  const form = `webhook-endpoint.${path.endpointId}.${begun.revision}`;
  const [draft, change, forget] = useDraft(form, draftOf(begun));
  const close = (): void => {
    forget();
    onClose();
  };
  const write = useWrite(() => updateEndpoint(path, base.revision, changesIn(draft, draftOf(base))), {
    onDone: ({ webhookEndpoint }) => {
      showEndpoint(path.accountId, webhookEndpoint);
      close();
    },
  });
  const lookAgain = async (): Promise<void> => {
    const latest = await queryClient.fetchQuery({ ...endpointQuery(path), staleTime: 0 });
    const [before, now] = [draftOf(base), draftOf(latest)];
    const changed = differing(now, before);
    setMeanwhile(changed.map((field) => ({ field, now: now[field] })));
    const untouched = changed.filter((field) => draft[field].trim() === before[field].trim());
    change(Object.fromEntries(untouched.map((field) => [field, now[field]])));
    setBase(latest);
    write.forget();
  };
  return { base, meanwhile, draft, change, close, write, lookAgain };
};

const Form = (props: Props): ReactElement => {
  const { base, meanwhile, draft, change, close, write, lookAgain } = useChange(props);
  const { accountId } = props.path;
  const { problem } = write;
  const isReady = isReadyEndpoint(draft) && differing(draft, draftOf(base)).length > 0;
  const isStale = problem?.status === 412;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void write.run();
      }}
    >
      <Stack gap="md">
        {meanwhile.length > 0 && (
          <Alert role="alert" color="yellow" variant="outline" title="It has changed meanwhile">
            <Differences all={meanwhile} />
            <Text mt={4}>What you have typed is still here, and is not saved yet.</Text>
          </Alert>
        )}
        <EndpointFields {...{ accountId, draft, change, problem }} />
        {problem !== undefined && (
          <ProblemNotice
            problem={problem}
            shownFields={endpointFields}
            {...(isStale ? { onRetry: () => void lookAgain() } : {})}
          >
            {isStale && <WhoChanged path={props.path} revision={base.revision} />}
          </ProblemNotice>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            Leave as it is
          </Button>
          <Button type="submit" loading={write.isRunning} disabled={!isReady}>
            Save endpoint
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

export const ChangeEndpointDialog = (props: Props): ReactElement => (
  <DialogFrame onClose={props.onClose} size={560} title="Change this endpoint?">
    <Form {...props} />
  </DialogFrame>
);
