import {
  isPositionOf,
  LogReplaced,
  LogUnavailable,
  parsePosition,
  pause,
  type Anchor,
  type EventLog,
  type Position,
} from '@keyledger/event-log';
import { advisoryKey, inLockedTransaction, inTransaction, isPassing, NoReply } from '@keyledger/postgres';
import pg from 'pg';

/** So long after it began an acknowledged report a verifier may answer by what it knows. */
export const LEASE_MS = 10_000;

/** What a lease is counted longer by those who wait for it: clocks run apart, and the database's may be set forward. */
const MARGIN_MS = 2_000;

const POLL_MS = 20;
const REPORT_DEADLINE_MS = 1_000;
const LOOK_DEADLINE_MS = 1_000;
const WAIT_MS = 5_000;
const UNDEFINED_TABLE = '42P01';

/** What a verifier does without a lease, for the mode that allows it most: nothing (`closed`), or what it knew last. */
export type LeasePolicy = 'closed' | 'open';

/** Where a verifier has said that it is. */
export interface Report {
  /** UUID, new for each process. */
  readonly verifierId: string;
  /** The last event that it has applied. */
  readonly anchor: Anchor;
  readonly policy: LeasePolicy;
}

/** How far a verifier with a lease is, seen from a position. */
export interface VerifierPosition {
  readonly verifierId: string;
  /** The last one that it has reported. */
  readonly position: Position;
  /** Since when it has reported that position, by the clock of the database (ISO 8601). */
  readonly at: string;
  /** It is past the position that was asked about, in the log as it is now, and answers nothing that it knew before. */
  readonly guaranteed: boolean;
}

interface Row {
  readonly verifierId: string;
  readonly position: Position;
  /** Null for a verifier of a version that did not tell it. */
  readonly eventId: string | null;
  readonly policy: LeasePolicy;
  readonly at: Date;
}

/** What one look at the table has shown. */
interface Look {
  readonly rows: readonly Row[];
  /** Whether the log holds an event there; asked once for all who share the look. */
  readonly held: Map<string, Promise<boolean>>;
}

/** What a crash of the database can take back is shorter than the margin. A first report must last, though. */
const BEGIN_RENEWAL = 'begin isolation level read committed; set local synchronous_commit to off';

const hasReached = (row: Row, position: Position): boolean =>
  isPositionOf(parsePosition(position)?.logId ?? '', row.position) && row.position >= position;

/** Which of the verifiers have reached the position. */
type Reached = (row: Row) => boolean;

const told = (rows: readonly Row[], reached: Reached): readonly VerifierPosition[] =>
  rows.map((row) => ({
    verifierId: row.verifierId,
    position: row.position,
    at: row.at.toISOString(),
    guaranteed: row.policy === 'closed' && reached(row),
  }));

/** Rejects with NoReply after `ms`. */
const within = async <T>(ms: number, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const tooLate = (): void => reject(new NoReply(new Error(`not done within ${Math.round(ms)} ms`)));
    timer = setTimeout(tooLate, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** The table of the verifiers' leases: who reads the log into memory, and how far each has come. See ADR 17. */
export class FollowerPositions {
  readonly #pool: pg.Pool;
  readonly #log: Pick<EventLog, 'anchorAt'>;
  readonly #schema: string;
  readonly #table: string;
  #running: Promise<unknown> = Promise.resolve();
  #upcoming: Promise<Look> | null = null;

  /** `schema` needs no quoting. */
  constructor(pool: pg.Pool, log: Pick<EventLog, 'anchorAt'>, schema: string) {
    this.#pool = pool;
    this.#log = log;
    this.#schema = schema;
    this.#table = `${schema}.follower_positions`;
  }

  /** Creates the table if it is not there. Only those who report need it: nobody has reported where there is none. */
  async ensure(): Promise<void> {
    const text = `select 1 from pg_attribute where attrelid = to_regclass($1) and attname = 'event_id'`;
    const { rowCount } = await within(REPORT_DEADLINE_MS, this.#pool.query(text, [this.#table]));
    if (rowCount === 1) return;
    const statements = `
      create schema if not exists ${this.#schema};
      create table if not exists ${this.#table} (
        verifier_id uuid primary key,
        position text collate "C" not null,
        policy text not null check (policy in ('closed', 'open')),
        at timestamptz not null,
        reported_at timestamptz not null
      );
      -- Earlier versions had none.
      alter table ${this.#table} add column if not exists event_id uuid;`;
    const key = advisoryKey('follower-positions', this.#schema);
    await inLockedTransaction(this.#pool, REPORT_DEADLINE_MS, key, (client) => client.query(statements));
  }

  /** Resolves once everybody who looks from now on sees it. `isFirst`: of a lease that was not held before. */
  async report({ verifierId, anchor, policy }: Report, isFirst: boolean): Promise<void> {
    const text = `
      insert into ${this.#table} as known (verifier_id, position, event_id, policy, at, reported_at)
      values ($1, $2, $3, $4, clock_timestamp(), clock_timestamp())
      on conflict (verifier_id) do update set
        position = excluded.position, event_id = excluded.event_id, policy = excluded.policy,
        reported_at = excluded.reported_at,
        at = case when known.position = excluded.position then known.at else excluded.at end`;
    const values = [verifierId, anchor.position, anchor.eventId, policy];
    const query = { name: `report-${this.#table}`, text, values };
    await this.#write((client) => client.query(query), isFirst ? undefined : BEGIN_RENEWAL);
  }

  async remove(verifierId: string): Promise<void> {
    const text = `delete from ${this.#table} where verifier_id = $1`;
    await this.#write((client) => client.query(text, [verifierId]));
  }

  /**
   * Forgets who has been silent for an hour. A row from the future was written before the clock was set back: it counts
   * as one of now, or its verifier would be waited for until the clock has come so far again.
   */
  async sweep(): Promise<void> {
    const silent = `delete from ${this.#table} where reported_at < clock_timestamp() - interval '1 hour'`;
    const future = `update ${this.#table} set reported_at = clock_timestamp()
      where reported_at > clock_timestamp() + interval '1 second'`;
    await this.#write(async (client) => {
      await client.query(silent);
      await client.query(future);
    });
  }

  /** Every verifier that may hold a lease, in the order of their ids. Sees all that was reported before the call. */
  async verifiersAt(position: Position): Promise<readonly VerifierPosition[]> {
    const look = await this.#look();
    return told(look.rows, await this.#reached(look, position));
  }

  /**
   * Resolves once every verifier that may hold a lease has reached the position, which must be in the log already. With
   * those who have not, after the time or when `signal` aborts. Rejects if the database does not answer in that time.
   * Who stands beyond the position has not reached it where the log has lost what it stands at.
   */
  async waitForVerifiers(
    position: Position,
    timeoutMs = WAIT_MS,
    signal?: AbortSignal,
  ): Promise<readonly VerifierPosition[]> {
    const deadline = performance.now() + timeoutMs;
    const isEnding = (): boolean => performance.now() >= deadline || signal?.aborted === true;
    let known: Look | null = null;
    for (;;) {
      known = (await this.#lookWithin(deadline - performance.now())) ?? known;
      const isOver = isEnding();
      const answer = known && (await this.#answer(known, position, isOver));
      if (answer !== null) return answer;
      if (isOver) throw new NoReply(new Error('the database does not tell where the verifiers are'));
      await pause(POLL_MS, signal);
    }
  }

  /** Null where one is behind and there is still time. */
  async #answer(look: Look, position: Position, isLast: boolean): Promise<readonly VerifierPosition[] | null> {
    // The log is asked only when all are there by their numbers.
    if (!isLast && !look.rows.every((row) => hasReached(row, position))) return null;
    const reached = await this.#reached(look, position);
    return isLast || look.rows.every(reached) ? told(look.rows, reached) : null;
  }

  /** A position alone proves nothing once an older log was restored: the same event must still stand there. */
  async #reached(look: Look, position: Position): Promise<Reached> {
    const candidates = look.rows.filter((row) => hasReached(row, position));
    const held = await Promise.all(candidates.map((row) => this.#isHeld(look, row)));
    const reached = new Set(candidates.filter((_, index) => held[index] === true));
    return (row) => reached.has(row);
  }

  #isHeld({ held }: Look, { position, eventId }: Row): Promise<boolean> {
    if (eventId === null) return Promise.resolve(false);
    const key = `${position} ${eventId}`;
    const asked = held.get(key) ?? this.#asksLog({ position, eventId });
    held.set(key, asked);
    return asked;
  }

  /** False where the log does not answer: nobody may be guaranteed without it. */
  async #asksLog({ position, eventId }: Anchor): Promise<boolean> {
    try {
      const held = await within(LOOK_DEADLINE_MS, this.#log.anchorAt(position));
      return held?.eventId === eventId;
    } catch (error) {
      if (error instanceof LogUnavailable || error instanceof LogReplaced || error instanceof NoReply) return false;
      throw error;
    }
  }

  /** Null where the database does not answer in the time, which is not less than a look may take. */
  async #lookWithin(ms: number): Promise<Look | null> {
    try {
      return await within(Math.max(LOOK_DEADLINE_MS, ms), this.#look());
    } catch (error) {
      if (isPassing(error)) return null;
      throw error;
    }
  }

  /** What comes too late may still take effect, and then the verifier is waited for longer than need be. */
  async #write(work: (client: pg.ClientBase) => Promise<unknown>, begin?: string): Promise<void> {
    await within(REPORT_DEADLINE_MS, inTransaction(this.#pool, REPORT_DEADLINE_MS, work, begin));
  }

  /** A look at the table that begins after the call. All who ask meanwhile share it, so that there is one at a time. */
  #look(): Promise<Look> {
    return (this.#upcoming ??= this.#lookAfter(this.#running));
  }

  async #lookAfter(running: Promise<unknown>): Promise<Look> {
    await running;
    this.#upcoming = null;
    const rows = this.#unexpired();
    this.#running = rows.catch(() => undefined);
    return { rows: await rows, held: new Map() };
  }

  async #unexpired(): Promise<readonly Row[]> {
    // now() is older than what the statement sees: a row that has expired by then was not renewed in time.
    // By way of JSON, because a table of an earlier version has no such column yet.
    const eventId = `to_jsonb(known) ->> 'event_id' as "eventId"`;
    const text = `select verifier_id as "verifierId", position, ${eventId}, policy, at from ${this.#table} known
      where reported_at > now() - $1 * interval '1 millisecond' order by verifier_id`;
    try {
      return (await this.#pool.query<Row>(text, [LEASE_MS + MARGIN_MS])).rows;
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === UNDEFINED_TABLE) return [];
      throw error;
    }
  }
}
