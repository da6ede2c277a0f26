import { Button, Group, Stack, Text } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { useWrite } from '../api/use-write.js';
import { DialogFrame } from '../common/dialog-frame.js';
import { errorOf } from '../common/field-errors.js';
import { InstantField } from '../common/instant-field.js';
import { ProblemNotice } from '../common/problem-notice.js';
import type { EndpointDialogProps } from './switch-dialogs.js';
import { recoverEndpoint } from './webhook-writes.js';
import { counted } from './words.js';

const A_DAY_MS = 86_400_000;

const resultInWords = (count: number): string =>
  count === 0 ? 'Nothing was held or had failed since then.' : `Sent again: ${counted(count, 'message')}.`;

/** Sends again what has failed, or was held, since a time. A repeat finds nothing more, and so does no harm. */
export const RecoverDialog = ({ path, endpoint, onClose }: EndpointDialogProps): ReactElement => {
  const [since, setSince] = useState(() => new Date(Date.now() - A_DAY_MS).toISOString());
  const [recovered, setRecovered] = useState<number>();
  const write = useWrite(() => recoverEndpoint(path, since), { onDone: (answer) => setRecovered(answer.recovered) });
  return (
    <DialogFrame onClose={onClose} title="Send again what failed?">
      <Stack gap="md">
        <Text>
          All that has failed, or was held, at <span className="wraps">{endpoint.url}</span> since this time. The
          receiver may get some of it twice, with the same webhook-id.
        </Text>
        <InstantField
          label="Accepted since"
          value={since}
          error={errorOf(write.problem, 'since')}
          onChange={setSince}
        />
        {recovered !== undefined && <Text role="status">{resultInWords(recovered)}</Text>}
        {write.problem !== undefined && <ProblemNotice problem={write.problem} shownFields={['since']} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {recovered === undefined ? 'Send none' : 'Close'}
          </Button>
          <Button loading={write.isRunning} disabled={since === ''} onClick={() => void write.run()}>
            Send again
          </Button>
        </Group>
      </Stack>
    </DialogFrame>
  );
};
