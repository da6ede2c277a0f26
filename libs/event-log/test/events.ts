import { randomUUID } from 'node:crypto';
import type { AppendOutcome, EventLog, FollowItem, NewEvent, RecordedEvent } from '../src/index.js';

export const anEvent = (type = 'ThingHappened', data = 'data'): NewEvent => ({
  id: randomUUID(),
  type,
  data: Buffer.from(data),
  metadata: Buffer.from('{}'),
});

export const someEvents = (count: number): NewEvent[] => Array.from({ length: count }, () => anEvent());

/** The positions of an append that must succeed. */
export const positionsOf = (outcome: AppendOutcome): readonly string[] => {
  if (outcome.kind !== 'ok') throw new Error(`The append came to ${JSON.stringify(outcome)}.`);
  return outcome.positions;
};

/** Repeats the identical append until it is certain that the events are stored. The positions of them all. */
export const appendSurely = async (
  log: EventLog,
  streamId: string,
  expected: number,
  events: readonly NewEvent[],
): Promise<readonly string[]> => {
  for (;;) {
    const outcome = await log.append(streamId, expected, events, 'each');
    if (outcome.kind === 'ok' || outcome.kind === 'conflict') return positionsOf(outcome);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

export const readAll = async (log: EventLog, streamId: string, fromRevision = 0): Promise<RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for await (const page of log.readStream(streamId, fromRevision)) events.push(...page);
  return events;
};

/** Follows until `enough` says so; what was delivered by then. */
export const followUntil = async (
  items: AsyncIterable<FollowItem>,
  enough: (events: readonly RecordedEvent[], item: FollowItem) => boolean,
): Promise<RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for await (const item of items) {
    if (item.kind === 'events') events.push(...item.events);
    if (enough(events, item)) break;
  }
  return events;
};

export const untilCaughtUp = (items: AsyncIterable<FollowItem>): Promise<RecordedEvent[]> =>
  followUntil(items, (_, item) => item.kind === 'caught-up');

/** Asks again and again until it is so. */
export const until = async (isSo: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
};

/** Whether the log answers now. */
export const answers = (log: EventLog): Promise<boolean> =>
  log.ping().then(
    () => true,
    () => false,
  );

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
