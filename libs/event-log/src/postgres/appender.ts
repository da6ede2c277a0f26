import pg from 'pg';
import { checkAppend, type AppendOutcome, type NewEvent, type WantedPositions } from '../event-log.js';
import { AppendQueue } from './append-queue.js';
import type { Connections, Session } from './connections.js';
import { NotSent, definiteSqlState, isStorageFull, reasonOf } from '@keyledger/postgres';

interface Waiting {
  readonly streamId: string;
  readonly expectedRevision: number;
  readonly events: readonly NewEvent[];
  readonly bytes: number;
  readonly wanted: WantedPositions;
  readonly settle: (outcome: AppendOutcome) => void;
  sent: boolean;
}

interface Row {
  readonly positions: readonly string[] | null;
  readonly current_revision: string;
}

interface AppenderOptions {
  readonly connections: Connections;
  readonly schema: string;
  readonly deadlineMs: number;
  readonly positionOf: (place: string) => string;
  readonly onCommit: () => void;
}

/** What a failed call means for each append in it: all were rolled back together, or nobody knows. */
const failureOf = (error: unknown): AppendOutcome => {
  const reason = reasonOf(error);
  if (isStorageFull(error)) return { kind: 'storage-full', reason };
  if (error instanceof NotSent || definiteSqlState(error) !== null) return { kind: 'unavailable', reason };
  return { kind: 'unknown', reason };
};

const bytea = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const toParameters = (call: readonly Waiting[]): unknown[] => {
  const events = call.flatMap((append) => append.events);
  return [
    call.map((append) => append.streamId),
    call.map((append) => append.expectedRevision),
    call.flatMap((append, index) => append.events.map(() => index + 1)),
    call.flatMap((append) => append.events.map((_, index) => append.expectedRevision + 1 + index)),
    events.map((event) => event.id),
    events.map((event) => event.type),
    events.map((event) => bytea(event.data)),
    events.map((event) => bytea(event.metadata)),
  ];
};

/** One call to the database is under way at a time; appends that arrive meanwhile share the next transaction. */
export class PostgresAppender {
  readonly #options: AppenderOptions;
  readonly #text: string;
  readonly #queue = new AppendQueue<Waiting>();
  #running: Promise<void> | null = null;
  #closed = false;

  constructor(options: AppenderOptions) {
    this.#options = options;
    const append = `${pg.escapeIdentifier(options.schema)}.append`;
    this.#text = `select positions, current_revision from ${append}($1, $2, $3, $4, $5, $6, $7, $8)`;
  }

  async append(
    streamId: string,
    expectedRevision: number,
    events: readonly NewEvent[],
    wanted: WantedPositions = 'last',
  ): Promise<AppendOutcome> {
    const bytes = checkAppend(streamId, expectedRevision, events);
    if (this.#closed) return { kind: 'unavailable', reason: 'the log is closed' };
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#expire(waiting), this.#options.deadlineMs);
      const settle = (outcome: AppendOutcome): void => {
        clearTimeout(timer);
        resolve(outcome);
      };
      const waiting: Waiting = { streamId, expectedRevision, events, bytes, wanted, settle, sent: false };
      this.#queue.add(waiting);
      this.#running ??= this.#run();
    });
  }

  /** Sends what is queued and waits for its outcome; later appends are refused. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  #expire(waiting: Waiting): void {
    const reason = `not settled within ${this.#options.deadlineMs} ms`;
    waiting.settle({ kind: waiting.sent ? 'unknown' : 'unavailable', reason });
    if (!waiting.sent) this.#queue.remove(waiting);
  }

  async #run(): Promise<void> {
    await Promise.resolve(); // Appends of the same turn share the first transaction too.
    while (!this.#queue.isEmpty) await this.#next();
    this.#running = null;
  }

  async #next(): Promise<void> {
    try {
      const session = await this.#options.connections.session();
      const call = this.#queue.take();
      if (call.length === 0) session.release();
      else await this.#call(session, call);
    } catch (error) {
      for (const waiting of this.#queue.takeAll()) waiting.settle(failureOf(error));
    }
  }

  async #call(session: Session, call: readonly Waiting[]): Promise<void> {
    for (const waiting of call) waiting.sent = true;
    try {
      const rows = await session.query<Row>({ name: 'append', text: this.#text, values: toParameters(call) });
      call.forEach((waiting, index) => waiting.settle(this.#outcomeOf(rows[index], waiting.wanted)));
      this.#options.onCommit();
    } catch (error) {
      for (const waiting of call) waiting.settle(failureOf(error));
    }
  }

  #outcomeOf(row: Row | undefined, wanted: WantedPositions): AppendOutcome {
    if (row === undefined) return { kind: 'unknown', reason: 'the database answered too few results' };
    if (row.positions === null) return { kind: 'conflict', currentRevision: Number(row.current_revision) };
    const places = wanted === 'each' ? row.positions : row.positions.slice(-1);
    return { kind: 'ok', positions: places.map(this.#options.positionOf) };
  }
}
