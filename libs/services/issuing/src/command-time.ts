import { Problem } from '@keyledger/edge';

/** How far a stream may be ahead of this clock before we rather refuse than write times from the future. */
const MAX_CLOCK_SKEW_MS = 5 * 60 * 1000;

/**
 * The time of a command that was made at `madeAt` (ISO 8601; this clock's time, or earlier where it was prepared), but
 * never earlier than the stream's last event.
 */
export const timeFor = (lastAt: string | null, madeAt = new Date().toISOString()): string => {
  if (lastAt === null || lastAt <= madeAt) return madeAt;
  if (Date.parse(lastAt) - Date.now() <= MAX_CLOCK_SKEW_MS) return lastAt;
  const detail =
    'The last event of this stream is more than five minutes ahead of the clock of this server. Set its clock.';
  throw new Problem('clock-skew', detail, [], { 'Retry-After': '60' });
};
