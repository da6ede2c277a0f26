import { invalidField } from './rejection.js';

/**
 * Times are text, ISO 8601 in UTC as `toISOString` writes them: then order as text is order in time. What a caller
 * asks for may be written otherwise and is brought to this form first.
 */
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** The time that a caller named in `field`, in the one form that events hold. */
export const instantOf = (field: string, text: string): string => {
  const epochMs = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(epochMs)) throw invalidField(field, 'must be an RFC 3339 time, such as 2030-01-31T12:00:00Z');
  return new Date(epochMs).toISOString();
};

export const plusSeconds = (instant: string, seconds: number): string =>
  new Date(Date.parse(instant) + seconds * 1000).toISOString();
