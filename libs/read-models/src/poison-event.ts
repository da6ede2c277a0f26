import type { RecordedEvent } from '@keyledger/event-log';
import pg from 'pg';

/** Why an event will never be taken, in words that quote nothing of it. */
export class NeverTaken extends Error {
  override readonly name = 'NeverTaken';
}

const reasonOf = (cause: unknown): string => {
  if (cause instanceof NeverTaken) return cause.message;
  if (cause instanceof pg.DatabaseError) return `SQLSTATE ${cause.code}`;
  // The message may quote data.
  return cause instanceof Error ? cause.name : 'unknown error';
};

/** An event that would fail again: to go on without it would make the read model wrong. */
export class PoisonEvent extends Error {
  constructor({ position, id, type }: RecordedEvent, cause: unknown) {
    super(`Event ${id} (${type}) at ${position} cannot be applied: ${reasonOf(cause)}.`, { cause });
    this.name = 'PoisonEvent';
  }
}
