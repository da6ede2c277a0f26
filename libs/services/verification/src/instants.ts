/** Milliseconds since 1970 of a time in ISO 8601; Infinity for none. */
export const timeOf = (instant: string | null): number => (instant === null ? Infinity : Date.parse(instant));

export const instantOf = (time: number): string | null => (time === Infinity ? null : new Date(time).toISOString());
