/** RFC 3339, which takes `t` and `z` as well. */
const FORM =
  /^(\d{4})-(0[1-9]|1[0-2])-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/** The parser of Date takes a 31st in every month, and moves it into the next one. */
const isDay = (year: number, month: number, day: number): boolean =>
  day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();

/** What a `+` of a query becomes unless it is percent-encoded. */
const LOST_PLUS = /\d \d{2}:\d{2}$/;

export const mistakeInInstant = (value: unknown): string | undefined => {
  if (instantOf(value) !== undefined) return undefined;
  if (typeof value === 'string' && LOST_PLUS.test(value)) return 'must have its + written as %2B';
  return 'must be a time such as 2031-05-20T12:00:00Z';
};

/**
 * The time in UTC with milliseconds, undefined if the value is none. A part of a millisecond counts as a whole one: as
 * our times have none, that changes no comparison with them.
 */
export const instantOf = (value: unknown): string | undefined => {
  const [text, year, month, day, , fraction = ''] = (typeof value === 'string' ? FORM.exec(value) : null) ?? [];
  if (text === undefined || !isDay(Number(year), Number(month), Number(day))) return undefined;
  const wholeMs = Date.parse(text.toUpperCase().replace(fraction, fraction.slice(0, 4)));
  const instant = new Date(wholeMs + (Number(fraction.slice(4)) > 0 ? 1 : 0)).toISOString();
  // Before the year 0 and after 9999 there are more digits, and texts no longer compare as times do.
  return /^\d{4}-/.test(instant) ? instant : undefined;
};
