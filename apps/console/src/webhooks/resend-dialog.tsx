import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { queryClient } from '../api/query-client.js';
import { useWrite } from '../api/use-write.js';
import { DialogFrame } from '../common/dialog-frame.js';
import { errorOf } from '../common/field-errors.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { useEndpoints, type Message, type MessagePath } from './webhook-queries.js';
import { resendMessage } from './webhook-writes.js';

interface Props {
  readonly path: MessagePath;
  readonly message: Message;
  /** The endpoint that it is about; null: any. */
  readonly about: string | null;
  readonly onClose: () => void;
}

const ALL = '';

/** All that it went to, each of those, and the others: the API refuses one that does not ask for its type. */
const useChoices = ({ path, message }: Pick<Props, 'path' | 'message'>) => {
  const endpoints = useEndpoints(path.accountId);
  const went = message.deliveries.map(({ endpointId }) => endpointId);
  const urlOf = (id: string): string => endpoints.find(({ endpointId }) => endpointId === id)?.url ?? id;
  const others = endpoints.filter(({ endpointId, enabled }) => enabled && !went.includes(endpointId));
  return {
    all: went.length === 0 ? [] : [{ value: ALL, label: 'All that it went to' }],
    went: went.map((id) => ({ value: id, label: urlOf(id) })),
    others: others.map(({ endpointId, url }) => ({ value: endpointId, label: url })),
  };
};

/** Sends a message again, to one endpoint or to all. Each time is one more, so it is not repeated by itself. */
export const ResendDialog = ({ path, message, about, onClose }: Props): ReactElement => {
  const choices = useChoices({ path, message });
  const [chosen, setChosen] = useState(about);
  const flat = [...choices.all, ...choices.went, ...choices.others];
  const to = chosen ?? flat[0]?.value ?? ALL;
  const write = useWrite(() => resendMessage(path, to === ALL ? undefined : to), {
    repeatable: false,
    onDone: onClose,
  });
  return (
    <DialogFrame onClose={onClose} title="Send this message again?">
      <Stack gap="md">
        <Text>With the same webhook-id, signed anew. Who has it already gets it twice.</Text>
        <NativeSelect
          label="To"
          value={to}
          data={[
            ...choices.all,
            { group: 'It went to', items: choices.went },
            { group: 'Others', items: choices.others },
          ]}
          error={errorOf(write.problem, 'endpointId')}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
        {write.problem !== undefined && (
          <ProblemNotice
            problem={write.problem}
            shownFields={['endpointId']}
            {...(write.problem.status === 409 ? { onRetry: () => void queryClient.invalidateQueries() } : {})}
          />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            Leave it
          </Button>
          <Button loading={write.isRunning} disabled={flat.length === 0} onClick={() => void write.run()}>
            Send again
          </Button>
        </Group>
      </Stack>
    </DialogFrame>
  );
};
