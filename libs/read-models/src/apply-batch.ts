import pg from 'pg';
import { Interrupted, inTransaction } from './batch-transaction.js';
import type { CheckpointTable } from './checkpoint.js';
import { LogUnavailable, type Position, type RecordedEvent } from '@keyledger/event-log';
import { isPassing } from '@keyledger/postgres';

const DEADLINE_MS = 30_000;

export interface BatchTarget {
  readonly pool: pg.Pool;
  readonly checkpoint: CheckpointTable;
  readonly apply: (transaction: pg.PoolClient, events: readonly RecordedEvent[]) => Promise<void>;
  /** Called after each commit. */
  readonly onApplied: (position: Position) => void;
}

/** An event that would fail again: to go on without it would make the read model wrong. */
class PoisonEvent extends Error {
  constructor({ position, id, type }: RecordedEvent, cause: unknown) {
    // The message of the cause may quote data.
    const name = cause instanceof Error ? cause.name : 'unknown error';
    const what = cause instanceof pg.DatabaseError ? `SQLSTATE ${cause.code}` : name;
    super(`Event ${id} (${type}) at ${position} cannot be applied: ${what}.`, { cause });
    this.name = 'PoisonEvent';
  }
}

export const mayPass = (error: unknown): boolean =>
  error instanceof Interrupted || error instanceof LogUnavailable || isPassing(error);

const applyTogether = async (
  { pool, checkpoint, apply, onApplied }: BatchTarget,
  from: Position | null,
  events: readonly RecordedEvent[],
): Promise<boolean> => {
  const last = events.at(-1);
  if (last === undefined) return true;
  const applied = await inTransaction(pool, DEADLINE_MS, async (transaction) => {
    // First: it is the fence. Of two instances one waits here for the other, and then moves nothing.
    const moved = await checkpoint.move(transaction, from, { position: last.position, eventId: last.id });
    if (moved) await apply(transaction, events);
    return moved;
  });
  if (applied) onApplied(last.position);
  return applied;
};

/** One by one, so that what comes before the poison is applied and the poison has a name. */
const applySingly = async (
  target: BatchTarget,
  from: Position | null,
  events: readonly RecordedEvent[],
): Promise<boolean> => {
  let last = from;
  for (const event of events) {
    try {
      if (!(await applyTogether(target, last, [event]))) return false;
      last = event.position;
    } catch (error) {
      throw mayPass(error) ? error : new PoisonEvent(event, error);
    }
  }
  return true;
};

/**
 * Applies events and moves the checkpoint on from `from`, in one transaction. False if the checkpoint is elsewhere:
 * another instance is at work, and nothing was written. Throws what may pass (see mayPass), or an error that names the
 * event to blame.
 */
export const applyBatch = async (
  target: BatchTarget,
  from: Position | null,
  events: readonly RecordedEvent[],
): Promise<boolean> => {
  try {
    return await applyTogether(target, from, events);
  } catch (error) {
    if (mayPass(error)) throw error;
    return applySingly(target, from, events);
  }
};
