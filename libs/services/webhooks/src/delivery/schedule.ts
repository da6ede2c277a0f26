const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** What an attempt waits for after the one before it has failed. The first one waits for nothing. */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

/** Part of the delay that chance adds or takes away, so that what failed together does not come back together. */
const JITTER = 0.1;

/** When to try again, and what decides it; tests bring their own. */
export interface Schedule {
  readonly now: () => Date;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly delaysMs: readonly number[];
}

export const usualSchedule: Schedule = {
  now: () => new Date(),
  random: Math.random,
  delaysMs: RETRY_DELAYS_MS,
};

/** When the attempt after the failed one of this number (from 1) is due; null if it was the last. */
export const nextAttemptAt = (number: number, { now, random, delaysMs }: Schedule): Date | null => {
  const delayMs = delaysMs[number - 1];
  if (delayMs === undefined) return null;
  return new Date(now().getTime() + delayMs * (1 - JITTER + 2 * JITTER * random()));
};
