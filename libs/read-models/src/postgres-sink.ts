import type { Anchor, Position, RecordedEvent } from '@keyledger/event-log';
import { advisoryKey, inTransaction, isPassing, NotSent, takeSessionLock } from '@keyledger/postgres';
import type pg from 'pg';
import { CheckpointTable } from './checkpoint.js';
import { PoisonEvent } from './poison-event.js';
import type { Projection } from './projection.js';
import type { Sink } from './sink.js';

const DEADLINE_MS = 30_000;

/**
 * A read model is made from the log again if it is lost, rows and checkpoint together. So its commits need not wait for
 * the disk, where they would keep the appends of the log waiting.
 */
const BEGIN = 'begin isolation level read committed; set local synchronous_commit to off';

/** Instances of the same name and schema share the work: one is active, the others stand by. */
type Followed = Pick<Projection, 'name' | 'schema' | 'version' | 'apply'>;

/** The tables of a projection. Their checkpoint moves in the transaction that writes them. */
export class PostgresSink implements Sink {
  #anchor: Anchor | null = null;
  readonly #pool: pg.Pool;
  readonly #projection: Followed;
  readonly #checkpoint: CheckpointTable;

  constructor(pool: pg.Pool, projection: Followed) {
    this.#pool = pool;
    this.#projection = projection;
    this.#checkpoint = new CheckpointTable(pool, projection.schema);
  }

  get anchor(): Anchor | null {
    return this.#anchor;
  }

  async lead(follow: (lost: AbortSignal) => Promise<void>): Promise<void> {
    const { name, schema, version } = this.#projection;
    await this.#checkpoint.ensure(version);
    const lock = await takeSessionLock(this.#pool, advisoryKey('follower', `${schema}/${name}`));
    if (lock === null) return;
    try {
      this.#anchor = await this.#readAnchor();
      await follow(lock.lost);
    } finally {
      lock.release();
    }
  }

  async take(events: readonly RecordedEvent[]): Promise<boolean> {
    try {
      return await this.#takeTogether(events);
    } catch (error) {
      if (this.mayPass(error)) throw error;
      return this.#takeSingly(events);
    }
  }

  /** As `take`, in the transaction of `tx`, which must then be committed. */
  async takeIn(tx: pg.ClientBase, events: readonly RecordedEvent[]): Promise<boolean> {
    const last = events.at(-1);
    if (last === undefined) return true;
    const to = { position: last.position, eventId: last.id };
    // First: it is the fence. Of two instances one waits here for the other, and then moves nothing.
    if (!(await this.#checkpoint.move(tx, this.#anchor?.position ?? null, to))) return false;
    await this.#projection.apply(tx, this.#projection.schema, events);
    this.#anchor = to;
    return true;
  }

  async stored(): Promise<Position | null> {
    return (await this.#checkpoint.read())?.anchor?.position ?? null;
  }

  mayPass(error: unknown): boolean {
    return error instanceof NotSent || isPassing(error);
  }

  async #readAnchor(): Promise<Anchor | null> {
    const { schema, version } = this.#projection;
    const checkpoint = await this.#checkpoint.read();
    if (checkpoint?.projectionVersion === version) return checkpoint.anchor;
    const found = checkpoint?.projectionVersion ?? 'none';
    throw new Error(`${schema} holds projection version ${found}, not ${version}: rebuild it.`);
  }

  async #takeTogether(events: readonly RecordedEvent[]): Promise<boolean> {
    const before = this.#anchor;
    try {
      return await inTransaction(this.#pool, DEADLINE_MS, (tx) => this.takeIn(tx, events), BEGIN);
    } catch (error) {
      this.#anchor = before;
      throw error;
    }
  }

  /** One by one, so that what comes before the poison is applied and the poison has a name. */
  async #takeSingly(events: readonly RecordedEvent[]): Promise<boolean> {
    for (const event of events) {
      try {
        if (!(await this.#takeTogether([event]))) return false;
      } catch (error) {
        throw this.mayPass(error) ? error : new PoisonEvent(event, error);
      }
    }
    return true;
  }
}
