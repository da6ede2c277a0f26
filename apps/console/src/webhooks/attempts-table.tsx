import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { api, dataOf } from '../api/client.js';
import { MoreButton } from '../common/list-page.js';
import { ListTable, type Column } from '../common/list-table.js';
import { Mark } from '../common/mark.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { Section } from '../common/section.js';
import { Time } from '../common/times.js';
import { useList } from '../common/use-list.js';
import type { Delivery, DeliveryAttempt, MessagePath } from './webhook-queries.js';

const Outcome = ({ attempt: { outcome, status } }: { readonly attempt: DeliveryAttempt }): ReactElement => {
  const isGood = outcome === 'delivered';
  return (
    <Mark icon={isGood ? 'check' : 'warning'} tone={isGood ? 'good' : 'bad'}>
      {outcome}
      {status === null ? '' : `, status ${status}`}
    </Mark>
  );
};

/** What a receiver answered is a text of strangers: it is shown as such, whatever it holds. */
const Answer = ({ attempt: { answer, endpointId, number } }: { readonly attempt: DeliveryAttempt }): ReactElement =>
  answer === '' ? (
    <Text c="dimmed">–</Text>
  ) : (
    <details className="disclosure">
      <summary aria-label={`Answer to attempt ${number} at ${endpointId}`}>
        {answer.length > 40 ? `${answer.slice(0, 40)}…` : answer}
      </summary>
      <pre className="payload" tabIndex={0}>
        {answer}
      </pre>
    </details>
  );

const columnsFor = (nameOf: (endpointId: string) => string): readonly Column<DeliveryAttempt>[] => [
  {
    title: 'Attempt',
    isName: true,
    cell: ({ number, endpointId }) => (
      <>
        <Text component="span" fw={500}>
          {number}.
        </Text>{' '}
        <span className="wraps">{nameOf(endpointId)}</span>
      </>
    ),
  },
  { title: 'When', isFixed: true, cell: ({ at }) => <Time at={at} form="seconds" /> },
  { title: 'Took', isFixed: true, cell: ({ durationMs }) => `${durationMs} ms` },
  { title: 'Outcome', cell: (attempt) => <Outcome attempt={attempt} /> },
  { title: 'Answer', cell: (attempt) => <Answer attempt={attempt} /> },
];

interface Props {
  readonly path: MessagePath;
  /** How many there are is part of the key: another one reads them again. */
  readonly deliveries: readonly Delivery[];
  readonly nameOf: (endpointId: string) => string;
}

/** Every attempt to deliver a message, oldest first. */
export const AttemptsTable = ({ path, deliveries, nameOf }: Props): ReactElement => {
  const count = deliveries.reduce((sum, { attempts }) => sum + attempts, 0);
  const list = useList<DeliveryAttempt>(['attempts', path.accountId, path.messageId, count], (cursor, signal) => {
    const params = { path: { ...path }, query: { ...(cursor && { cursor }) } };
    return dataOf(api.GET('/v1/accounts/{accountId}/messages/{messageId}/attempts', { params, signal }));
  });
  const { items, isLoading, problem } = list;
  return (
    <Section id="attempts" title="Attempts">
      {problem !== undefined && <ProblemNotice problem={problem} onRetry={list.readAgain} />}
      {(isLoading || items.length > 0) && (
        <ListTable
          label="Attempts"
          columns={columnsFor(nameOf)}
          items={items}
          keyOf={({ endpointId, number }) => `${endpointId}.${number}`}
          isLoading={isLoading}
        />
      )}
      {!isLoading && items.length === 0 && problem === undefined && <Text c="dimmed">None yet.</Text>}
      <MoreButton list={list} />
    </Section>
  );
};
