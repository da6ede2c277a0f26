import { setTimeout as sleep } from 'node:timers/promises';
import { auditAccessStream, newEvent } from '@keyledger/domain';
import { AcknowledgedWrites, Problem, writesPaused, type Call } from '@keyledger/edge';
import { LogReadOnly, NO_STREAM, type AppendOutcome, type EventLog, type NewEvent } from '@keyledger/event-log';
import { LRUCache } from 'lru-cache';
import { v4 as uuid } from 'uuid';
import type { TrailFilters } from './audit-trail.js';

const DEADLINE_MS = 5_000;
const RETRY_DELAY_MS = 50;

const unrecorded = (outcome: AppendOutcome): Problem => {
  const code = outcome.kind === 'storage-full' ? 'storage-full' : 'log-unavailable';
  const detail = 'The trail is shown only to those whose reading of it is recorded, and that failed. Try again.';
  return new Problem(code, detail, [], { 'Retry-After': '1' });
};

/** Of what an append threw: a log that may only be read records nobody. */
const unrecordable = (error: unknown): never => {
  if (!(error instanceof LogReadOnly)) throw error;
  throw writesPaused(
    'The trail is shown only to those whose reading of it is recorded, and writes are paused for maintenance. ' +
      'Nothing was stored; repeat the request later.',
  );
};

/** Records who has read which trail, in the log itself. */
export class TrailAccess {
  /** Last known revisions. A wrong guess costs one round trip: the conflict says the right one. */
  private readonly revisions = new LRUCache<string, number>({ max: 10_000 });
  /** The last append of each stream that has any under way. */
  private readonly lines = new Map<string, Promise<unknown>>();

  constructor(
    private readonly log: EventLog,
    private readonly streamPrefix: string,
    private readonly acknowledged: AcknowledgedWrites,
  ) {}

  /** Records a read of the account's trail, or of all (null). Throws a Problem if that cannot be ascertained. */
  async record(call: Call, accountId: string | null, asked: TrailFilters): Promise<void> {
    // A list is noted as one text, and an empty one not at all.
    const filters = Object.fromEntries(
      Object.entries(asked).flatMap(([name, value]) => (value?.length ? [[name, String(value)]] : [])),
    );
    const streamId = auditAccessStream(this.streamPrefix, accountId);
    const at = new Date().toISOString();
    const event = newEvent(uuid(), { type: 'AuditTrailRead', accountId, filters, at }, call, uuid());
    const deadline = performance.now() + DEADLINE_MS;
    const append = () => this.append(streamId, event, deadline);
    const outcome = await this.inLine(streamId, append).catch(unrecordable);
    if (outcome.kind !== 'ok') throw unrecorded(outcome);
    // A later read through this process waits for it, and so shows it.
    for (const position of outcome.positions) this.acknowledged.note(accountId ?? streamId, position);
  }

  /** One after the other in each stream: of several at once, all but one would be refused, again and again. */
  private async inLine<T>(streamId: string, append: () => Promise<T>): Promise<T> {
    const mine = (this.lines.get(streamId) ?? Promise.resolve()).then(append);
    const ended = mine.catch(() => undefined);
    this.lines.set(streamId, ended);
    try {
      return await mine;
    } finally {
      if (this.lines.get(streamId) === ended) this.lines.delete(streamId);
    }
  }

  /** Appends behind whatever other readers append meanwhile; an unknown outcome is settled by the identical append. */
  private async append(streamId: string, event: NewEvent, deadline: number): Promise<AppendOutcome> {
    let expected = this.revisions.get(streamId) ?? NO_STREAM;
    for (;;) {
      const outcome = await this.log.append(streamId, expected, [event]);
      if (outcome.kind === 'ok') this.revisions.set(streamId, expected + 1);
      const retried = outcome.kind === 'conflict' || outcome.kind === 'unknown';
      if (!retried || performance.now() >= deadline) return outcome;
      if (outcome.kind === 'conflict') expected = outcome.currentRevision;
      else await sleep(RETRY_DELAY_MS);
    }
  }
}
