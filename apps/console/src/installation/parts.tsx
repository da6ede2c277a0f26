import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { toProblem } from '../api/problem.js';
import { ListTable, type Column } from '../common/list-table.js';
import { Mark } from '../common/mark.js';
import { ProblemNotice } from '../common/problem-notice.js';
import { Section } from '../common/section.js';
import { partMeanings, partsQuery, type Part } from './health.js';

const columns: readonly Column<Part>[] = [
  {
    title: 'Part',
    isName: true,
    cell: ({ service, name }) => (
      <>
        {service !== undefined && <Text c="dimmed">{service}</Text>}
        <code>{name}</code>
      </>
    ),
  },
  {
    title: 'State',
    isFixed: true,
    cell: ({ isUp }) =>
      isUp ? (
        <Mark {...{ icon: 'check', tone: 'good' }}>Up</Mark>
      ) : (
        <Mark {...{ icon: 'warning', tone: 'bad' }}>Down</Mark>
      ),
  },
  { title: 'Up means', cell: ({ name }) => partMeanings[name] ?? 'It can serve requests.' },
];

const inWords = (parts: readonly Part[]): string => {
  const down = parts.filter(({ isUp }) => !isUp).length;
  if (down === 0) return 'Ready: every part can serve requests.';
  const are = down === 1 ? 'is' : 'are';
  return `Not ready: ${down} of ${parts.length} parts ${are} down. What needs them is refused meanwhile.`;
};

/** Each part, and whether it can serve. Why one is down is in the log of its process. */
export const Parts = (): ReactElement => {
  const { data, error, refetch } = useQuery(partsQuery);
  return (
    <Section
      id="parts"
      title="Parts"
      sentence="As what balances requests sees them. Why one is down is in the log of its process."
    >
      {data === undefined && error !== null && (
        <ProblemNotice problem={toProblem(error)} onRetry={() => void refetch()} />
      )}
      {data !== undefined && (
        <Text role="status" fw={500} mb="xs">
          {inWords(data)}
        </Text>
      )}
      <ListTable
        label="Parts"
        columns={columns}
        items={data ?? []}
        keyOf={({ service = '', name }) => `${service}.${name}`}
        isLoading={data === undefined && error === null}
      />
    </Section>
  );
};
