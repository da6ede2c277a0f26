/** RFC 3339, which takes `t` and `z` as well, any number of digits behind the point, and leap seconds. */
const FORM =
  /^((\d{4})-(0[1-9]|1[0-2])-(\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:)([0-5]\d|60)(?:\.(\d+))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

/** The parser of Date moves the 31st of a short month into the next one. Of years below 100 it makes others. */
const isDay = (year: number, month: number, day: number): boolean =>
  day >= 1 && day <= new Date(Date.UTC(year + 400, month, 0)).getUTCDate();

/** What a `+` of a query becomes unless it is percent-encoded. */
const LOST_PLUS = /\d \d{2}:\d{2}$/;

/** Beyond it there are more digits, and texts no longer compare as times do. */
const LAST = '9999-12-31T23:59:59.999Z';

export const mistakeInInstant = (value: unknown): string | undefined => {
  if (instantOf(value) !== undefined) return undefined;
  if (typeof value === 'string' && LOST_PLUS.test(value)) return 'must have its + written as %2B';
  return 'must be a time such as 2031-05-20T12:00:00Z';
};

/** 0001 to 9999. */
const YEAR = /^(?!0000)\d{4}-/;

/** A time as we keep them: milliseconds, and whether there was more behind them. */
interface Cut {
  readonly instant: string;
  readonly hadMore: boolean;
}

const LEAP_SECOND = '60';
/** A leap second lies behind all that we can write of its minute, and before the next one. */
const BEFORE_LEAP = '59.999';

const partsOf = (value: unknown) => {
  const [, minute, year, month, day, second = '', fraction = '', zone = ''] = FORM.exec(String(value)) ?? [];
  if (typeof value !== 'string' || minute === undefined) return undefined;
  return isDay(Number(year), Number(month), Number(day)) ? { minute, second, fraction, zone } : undefined;
};

const cutOf = (value: unknown): Cut | undefined => {
  const parts = partsOf(value);
  if (parts === undefined) return undefined;
  const { minute, second, fraction, zone } = parts;
  const isLeap = second === LEAP_SECOND;
  const seconds = isLeap ? BEFORE_LEAP : `${second}.${fraction.slice(0, 3).padEnd(3, '0')}`;
  const instant = new Date(`${minute}${seconds}${zone}`.toUpperCase()).toISOString();
  // In UTC it may be of a year that has no four digits, or of the year 0, which databases do not know; and leap seconds
  // end a day.
  if (!YEAR.test(instant) || (isLeap && !instant.endsWith('T23:59:59.999Z'))) return undefined;
  return { instant, hadMore: isLeap || /[1-9]/.test(fraction.slice(3)) };
};

/** The time in UTC with milliseconds, never later than asked; undefined if the value is none. */
export const instantOf = (value: unknown): string | undefined => cutOf(value)?.instant;

/**
 * The same of a time that ours are compared with: a part of a millisecond counts as a whole one. As our times have
 * none, that changes no comparison.
 */
export const boundOf = (value: unknown): string | undefined => {
  const { instant, hadMore } = cutOf(value) ?? {};
  if (instant === undefined || hadMore !== true || instant === LAST) return instant;
  return new Date(Date.parse(instant) + 1).toISOString();
};
