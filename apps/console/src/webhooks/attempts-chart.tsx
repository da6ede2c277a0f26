import { Group, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { EndpointStatistics } from './webhook-queries.js';

export interface Day {
  /** `2031-05-20`, in UTC. */
  readonly date: string;
  readonly delivered: number;
  readonly failed: number;
  /** Of the failed ones, why and how many. */
  readonly outcomes: readonly { readonly outcome: string; readonly count: number }[];
}

const SHOWN_DAYS = 30;
const A_DAY_MS = 86_400_000;

const sumOf = (counts: readonly { readonly count: number }[]): number =>
  counts.reduce((sum, { count }) => sum + count, 0);

/** The last days up to today, also those on which there was nothing. */
export const lastDays = ({ days }: EndpointStatistics, now = Date.now()): readonly Day[] =>
  Array.from({ length: SHOWN_DAYS }, (_, at) => {
    const date = new Date(now - (SHOWN_DAYS - 1 - at) * A_DAY_MS).toISOString().slice(0, 10);
    const all = days.filter((each) => each.date === date);
    const outcomes = all.filter(({ outcome }) => outcome !== 'delivered');
    const delivered = sumOf(all.filter(({ outcome }) => outcome === 'delivered'));
    return { date, delivered, failed: sumOf(outcomes), outcomes };
  });

const [BAR, GAP, HEIGHT] = [12, 4, 72];

const Bars = ({ days }: { readonly days: readonly Day[] }): ReactElement => {
  const most = Math.max(1, ...days.map(({ delivered, failed }) => delivered + failed));
  const tall = (count: number): number => (count === 0 ? 0 : Math.max(2, (count / most) * HEIGHT));
  const width = days.length * (BAR + GAP) - GAP;
  return (
    <svg className="chart" viewBox={`0 0 ${width} ${HEIGHT + 1}`} aria-hidden="true" preserveAspectRatio="none">
      {days.map(({ date, delivered, failed }, at) => {
        const x = at * (BAR + GAP);
        const [good, bad] = [tall(delivered), tall(failed)];
        return (
          <g key={date}>
            <title>{`${date}: ${delivered} delivered, ${failed} failed`}</title>
            <rect className="chart-good" x={x} y={HEIGHT - good} width={BAR} height={good} />
            <rect className="chart-bad" x={x} y={HEIGHT - good - bad} width={BAR} height={bad} />
          </g>
        );
      })}
      <rect className="chart-line" x={0} y={HEIGHT} width={width} height={1} />
    </svg>
  );
};

const Numbers = ({ days }: { readonly days: readonly Day[] }): ReactElement => (
  <details className="disclosure">
    <summary>The numbers, by day</summary>
    <table className="table" role="table" aria-label="Attempts by day">
      <thead role="rowgroup">
        <tr role="row">
          {['Day (UTC)', 'Delivered', 'Failed', 'Why'].map((title) => (
            <th key={title} role="columnheader" scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {days.toReversed().map(({ date, delivered, failed, outcomes }) => (
          <tr key={date} role="row">
            <td role="cell" data-label="Day (UTC)">
              {date}
            </td>
            <td role="cell" data-label="Delivered">
              {delivered}
            </td>
            <td role="cell" data-label="Failed">
              {failed}
            </td>
            <td role="cell" data-label="Why">
              {outcomes.map(({ outcome, count }) => `${outcome} ${count}`).join(', ') || '–'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </details>
);

/** Attempts of the last 30 days, and how many of them succeeded. */
export const AttemptsChart = ({ statistics }: { readonly statistics: EndpointStatistics }): ReactElement => {
  const days = lastDays(statistics);
  const there = days.filter(({ delivered, failed }) => delivered + failed > 0);
  if (there.length === 0) return <Text c="dimmed">No attempt in the last {SHOWN_DAYS} days.</Text>;
  const [first, last] = [days[0]?.date, days.at(-1)?.date];
  return (
    <div className="chart-box">
      <Bars days={days} />
      <Group justify="space-between" gap="xs" mb="xs">
        <Text size="xs" c="dimmed">
          {first}
        </Text>
        <Group gap="md">
          <Text size="xs" className="chart-key" data-kind="good">
            Delivered
          </Text>
          <Text size="xs" className="chart-key" data-kind="bad">
            Failed
          </Text>
        </Group>
        <Text size="xs" c="dimmed">
          {last}
        </Text>
      </Group>
      <Numbers days={there} />
    </div>
  );
};
