import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Link } from 'react-router';
import { useWrite } from '../api/use-write.js';
import { Announce } from '../common/announce.js';
import { DialogFrame } from '../common/dialog-frame.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { DeliveryMark } from './marks.js';
import type { EndpointDialogProps } from './switch-dialogs.js';
import { messageQuery, type Delivery, type MessagePath } from './webhook-queries.js';
import { pingEndpoint } from './webhook-writes.js';
import { deliveryStates } from './words.js';

const outcomeInWords = ({ lastOutcome, lastStatus }: Delivery): string => {
  if (lastOutcome === null) return 'No attempt yet.';
  return lastStatus === null ? `Last attempt: ${lastOutcome}.` : `Last attempt: ${lastOutcome}, status ${lastStatus}.`;
};

/** What has become of it, until it has arrived or failed. */
const Outcome = (path: MessagePath): ReactElement => {
  const { data } = useQuery(messageQuery(path));
  const [delivery] = data?.deliveries ?? [];
  return (
    <div>
      {delivery !== undefined && (
        <>
          <DeliveryMark state={delivery.state} />
          <Text>{outcomeInWords(delivery)}</Text>
          <Announce>{`The ping: ${deliveryStates[delivery.state].label}`}</Announce>
        </>
      )}
      <Anchor component={Link} to={`/accounts/${path.accountId}/webhooks/messages/${path.messageId}`}>
        Show its attempts
      </Anchor>
    </div>
  );
};

/** Sends a test to one endpoint, and shows what comes of it. Each ping is one: it is not repeated by itself. */
export const PingDialog = ({ path, endpoint, onClose }: EndpointDialogProps): ReactElement => {
  const [messageId, setMessageId] = useState<string>();
  const write = useWrite(() => pingEndpoint(path), {
    repeatable: false,
    onDone: (answer) => setMessageId(answer.messageId),
  });
  return (
    <DialogFrame onClose={onClose} title="Send a ping?">
      <Stack gap="md">
        <Text>
          A message of the type <code>keyledger.ping.v1</code> goes to <span className="wraps">{endpoint.url}</span>,
          signed as all others are.
        </Text>
        {messageId !== undefined && <Outcome accountId={path.accountId} messageId={messageId} />}
        {write.problem !== undefined && <ProblemNotice problem={write.problem} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {messageId === undefined ? 'Send none' : 'Close'}
          </Button>
          <Button loading={write.isRunning} onClick={() => void write.run()}>
            {messageId === undefined ? 'Send ping' : 'Send another'}
          </Button>
        </Group>
      </Stack>
    </DialogFrame>
  );
};
