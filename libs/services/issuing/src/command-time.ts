import { Problem } from '@keyledger/edge';

/** How far a stream may be ahead of this clock before we rather refuse than write times from the future. */
const MAX_CLOCK_SKEW_MS = 5 * 60 * 1000;

/** The time of a command: this clock's (`now`, ISO 8601), but never earlier than the stream's last event. */
export const timeFor = (lastAt: string | null, now: string): string => {
  if (lastAt === null || lastAt <= now) return now;
  if (Date.parse(lastAt) - Date.parse(now) <= MAX_CLOCK_SKEW_MS) return lastAt;
  const detail =
    'The last event of this stream is more than five minutes ahead of the clock of this server. Set its clock.';
  throw new Problem('clock-skew', detail, [], { 'Retry-After': '60' });
};
