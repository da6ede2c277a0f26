import type { components } from '../api/generated/schema.js';

type DayCount = components['schemas']['DayCount'];

/** One verdict, and how often it was given on each day. */
export interface Series {
  readonly code: string;
  readonly counts: readonly number[];
  readonly total: number;
  /** On the day with the most. */
  readonly most: number;
}

const DAY_MS = 86_400_000;
const ACCEPTED = 'VALID';

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 'YYYY-MM-DD'.length);

/** The last days in UTC, the oldest first. Today is that of the server where its counts are later than this clock. */
export const datesOf = (days: number, counted: readonly DayCount[], nowMs: number): readonly string[] => {
  const latest = counted.reduce((max, { date }) => (date > max ? date : max), dateOf(nowMs));
  return Array.from({ length: days }, (_, day) => dateOf(Date.parse(latest) - (days - 1 - day) * DAY_MS));
};

const byTotal = (one: Series, other: Series): number => other.total - one.total;

/** What was accepted first, then what was refused, the most frequent first. */
export const seriesOf = (counted: readonly DayCount[], dates: readonly string[]): readonly Series[] => {
  const of = (code: string): Series => {
    const byDate = new Map(counted.filter((each) => each.code === code).map(({ date, count }) => [date, count]));
    const counts = dates.map((date) => byDate.get(date) ?? 0);
    return { code, counts, total: counts.reduce((sum, count) => sum + count, 0), most: Math.max(0, ...counts) };
  };
  const refused = [...new Set(counted.map(({ code }) => code))].filter((code) => code !== ACCEPTED);
  return [of(ACCEPTED), ...refused.map(of).sort(byTotal)];
};
