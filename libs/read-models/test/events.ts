import { randomUUID } from 'node:crypto';
import type { AppendOutcome, NewEvent } from '@keyledger/event-log';

export const anEvent = (type = 'ThingHappened', data = 'data'): NewEvent => ({
  id: randomUUID(),
  type,
  data: Buffer.from(data),
  metadata: Buffer.from('{}'),
});

/** The positions of an append that must succeed. */
export const positionsOf = (outcome: AppendOutcome): readonly string[] => {
  if (outcome.kind !== 'ok') throw new Error(`The append came to ${JSON.stringify(outcome)}.`);
  return outcome.positions;
};
