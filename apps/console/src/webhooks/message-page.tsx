import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { Link } from 'react-router';
import { toProblem } from '../api/problem.js';
import { AllowedButton } from '../common/allowed-button.js';
import { CopiedText } from '../common/copied-text.js';
import { CopyButton } from '../common/copy-button.js';
import { Facts } from '../common/facts.js';
import { ListTable, type Column } from '../common/list-table.js';
import { PageHead } from '../common/page-head.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { Section } from '../common/section.js';
import { Time } from '../common/times.js';
import { useDialog, type Dialog } from '../common/use-dialog.js';
import { useNewRefusal } from '../credentials/use-new-refusal.js';
import { AttemptsTable } from './attempts-table.js';
import { readableJson } from './json-text.js';
import { DeliveryMark } from './marks.js';
import { ResendDialog } from './resend-dialog.js';
import { messageQuery, useEndpoints, useMessagePath, type Delivery, type Message } from './webhook-queries.js';
import { deliveryStates, sources } from './words.js';

const Information = ({ message }: { readonly message: Message }): ReactElement => {
  const { messageId, source, createdAt } = message;
  const id = <CopiedText text={messageId} what="message ID" />;
  return (
    <Section id="information" title="About it">
      <Facts
        facts={[
          { label: 'Message ID', value: id },
          { label: 'Cause', value: sources[source] },
          { label: 'Accepted', value: <Time at={createdAt} form="seconds" /> },
        ]}
      />
    </Section>
  );
};

const Payload = ({ payload }: Pick<Message, 'payload'>): ReactElement => (
  <Section
    id="payload"
    title="Payload"
    sentence="With lines and indents, for reading. Copy it to have it to the byte as it is sent, and signed."
    action={<CopyButton text={payload} what="payload as it is sent" />}
  >
    <pre className="payload" tabIndex={0} aria-label="Payload">
      {readableJson(payload)}
    </pre>
  </Section>
);

const Next = ({ delivery: { state, nextAttemptAt } }: { readonly delivery: Delivery }): ReactNode =>
  state === 'pending' && nextAttemptAt !== null ? <Time at={nextAttemptAt} form="seconds" /> : '–';

interface DeliveriesProps {
  readonly accountId: string;
  readonly message: Message;
  readonly dialog: Dialog;
  readonly nameOf: (endpointId: string) => string;
}

const columnsFor = ({
  accountId,
  nameOf,
}: Pick<DeliveriesProps, 'accountId' | 'nameOf'>): readonly Column<Delivery>[] => [
  {
    title: 'Endpoint',
    isName: true,
    cell: ({ endpointId }) => (
      <Anchor
        component={Link}
        to={`/accounts/${accountId}/webhooks/endpoints/${endpointId}`}
        c="inherit"
        className="wraps"
      >
        {nameOf(endpointId)}
      </Anchor>
    ),
  },
  {
    title: 'State',
    cell: ({ state }) => (
      <span title={deliveryStates[state].meaning}>
        <DeliveryMark state={state} />
      </span>
    ),
  },
  { title: 'Attempts', cell: ({ attempts }) => attempts },
  {
    title: 'Last outcome',
    cell: ({ lastOutcome, lastStatus }) =>
      lastOutcome === null ? '–' : `${lastOutcome}${lastStatus === null ? '' : `, status ${lastStatus}`}`,
  },
  { title: 'Next attempt', isFixed: true, cell: (delivery) => <Next delivery={delivery} /> },
];

const Deliveries = ({ accountId, message, dialog, nameOf }: DeliveriesProps): ReactElement => {
  const refusal = useNewRefusal('ResendMessage');
  return (
    <Section id="deliveries" title="Deliveries" sentence="Where it went, and how that stands.">
      {message.deliveries.length === 0 ? (
        <Text>No endpoint asked for its type, so it was sent nowhere.</Text>
      ) : (
        <ListTable
          label="Deliveries"
          columns={columnsFor({ accountId, nameOf })}
          items={message.deliveries}
          keyOf={({ endpointId }) => endpointId}
          menu={({ endpointId }) => (
            <AllowedButton
              refusal={refusal}
              size="xs"
              variant="default"
              onClick={() => dialog.open('resend', endpointId)}
            >
              Send again
            </AllowedButton>
          )}
          isLoading={false}
        />
      )}
    </Section>
  );
};

export const Component = (): ReactElement | null => {
  const path = useMessagePath();
  const dialog = useDialog();
  const endpoints = useEndpoints(path.accountId);
  const refusal = useNewRefusal('ResendMessage');
  const { data: message, error, refetch } = useQuery(messageQuery(path));
  if (message === undefined) {
    return error === null ? null : <ProblemNotice problem={toProblem(error)} onRetry={() => void refetch()} />;
  }
  const nameOf = (id: string): string => endpoints.find(({ endpointId }) => endpointId === id)?.url ?? id;
  return (
    <>
      <PageHead
        title={message.type}
        sentence="A message to the webhook endpoints of this account."
        actions={
          <AllowedButton refusal={refusal} variant="default" onClick={() => dialog.open('resend')}>
            Send it again
          </AllowedButton>
        }
      />
      <Information message={message} />
      <Deliveries {...{ accountId: path.accountId, message, dialog, nameOf }} />
      <AttemptsTable path={path} deliveries={message.deliveries} nameOf={nameOf} />
      <Payload payload={message.payload} />
      {dialog.name === 'resend' && (
        <ResendDialog key={dialog.about} {...{ path, message, about: dialog.about, onClose: dialog.close }} />
      )}
    </>
  );
};
