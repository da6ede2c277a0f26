import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Series } from './usage-series.js';
import { verdictInWords } from './verdict-words.js';

const HEIGHT = 40;
/** Of the width of a day: the rest is the gap to the next. */
const WIDTH = 0.8;
/** What is there is seen, however little it is beside the day with the most. */
const LEAST_HEIGHT = 1;

const dayInWords = (date: string): string =>
  new Date(date).toLocaleDateString(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** Of a row, or of a column. */
const nameOf = (code: string): string =>
  code === 'VALID' ? verdictInWords(code) : `Refused: ${verdictInWords(code).toLowerCase()}`;

const number = (count: number): string => count.toLocaleString();

interface ChartProps {
  readonly dates: readonly string[];
  readonly series: readonly Series[];
}

const Bars = ({ dates, of: { counts, most } }: { readonly dates: readonly string[]; readonly of: Series }) => (
  <svg
    className="usage-bars"
    viewBox={`0 0 ${dates.length} ${HEIGHT}`}
    preserveAspectRatio="none"
    aria-hidden="true"
    focusable="false"
  >
    {dates.map((date, day) => {
      const count = counts[day] ?? 0;
      if (count === 0) return null;
      const height = Math.max(LEAST_HEIGHT, (count / most) * HEIGHT);
      return (
        <rect key={date} x={day + (1 - WIDTH) / 2} y={HEIGHT - height} width={WIDTH} height={height}>
          <title>{`${dayInWords(date)}: ${number(count)}`}</title>
        </rect>
      );
    })}
  </svg>
);

const Row = ({ dates, of }: { readonly dates: readonly string[]; readonly of: Series }): ReactElement => (
  <div className="usage-row" data-refused={of.code !== 'VALID' || undefined}>
    <div>
      <Text fw={500}>{nameOf(of.code)}</Text>
      <Text size="xs" c="dimmed">
        {of.total === 0 ? 'None' : `${number(of.total)} in all, at most ${number(of.most)} a day`}
      </Text>
    </div>
    <Bars dates={dates} of={of} />
  </div>
);

/** How often each verdict was given, day by day: a row for each verdict, each from zero to its own most. */
export const UsageChart = ({ dates, series }: ChartProps): ReactElement => (
  <div className="usage" aria-hidden="true">
    {series.map((each) => (
      <Row key={each.code} dates={dates} of={each} />
    ))}
    <div className="usage-row">
      <span />
      <Text size="xs" c="dimmed" className="usage-days" component="div">
        <span>{dayInWords(dates[0] ?? '')}</span>
        <span>{dayInWords(dates.at(-1) ?? '')}</span>
      </Text>
    </div>
  </div>
);

interface NumbersProps extends ChartProps {
  /** Read out in any case. */
  readonly isShown: boolean;
}

/** The numbers of the chart: the days on which there was anything, the last one first. */
export const UsageNumbers = ({ dates, series, isShown }: NumbersProps): ReactElement => {
  const rows = dates
    .map((date, day) => ({ date, counts: series.map(({ code, counts }) => ({ code, count: counts[day] ?? 0 })) }))
    .filter(({ counts }) => counts.some(({ count }) => count > 0))
    .reverse();
  return (
    <div className={isShown ? undefined : 'visually-hidden'}>
      <table className="usage-numbers">
        <caption className="visually-hidden">Verdicts by day, in UTC. Days without any are left out.</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            {series.map(({ code }) => (
              <th key={code} scope="col">
                {nameOf(code)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ date, counts }) => (
            <tr key={date}>
              <th scope="row">{dayInWords(date)}</th>
              {counts.map(({ code, count }) => (
                <td key={code}>{number(count)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
