import { setTimeout as sleep } from 'node:timers/promises';
import type { Anchor } from '@keyledger/event-log';
import { openPool } from '@keyledger/postgres';
import { createDatabase, setUnusualDefaults, TcpProxy } from '@keyledger/testing';
import type pg from 'pg';
import { FollowerPositions, VerifierLease, type LeasePolicy, type VerifierPosition } from '../src/index.js';

export const SCHEMA = 'followers';
const LOG_ID = '0123456789abcdef';

/** The position of the `number`th event. */
export const at = (number: number): string => `${LOG_ID}-${number.toString(16).padStart(16, '0')}`;

/** Waits for a state, however long the machine takes. */
export const eventually = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await sleep(5);
};

/** The event that stood at a position before the log was cut back. */
const anchorAt = (position: string): Anchor => ({
  position,
  eventId: `00000000-0000-4000-8000-${position.slice(-12)}`,
});

interface VerifierOptions {
  readonly policy?: LeasePolicy;
  /** Its way to the database. */
  readonly positions?: FollowerPositions;
  readonly position?: string | null;
}

/** A verifier as its lease sees it: it knows the log up to a position, and its clocks can be moved. */
export class Verifier {
  position: string | null;
  /** Null: it hears the log all the time. */
  heardLastMs: number | null = null;
  monotonicAheadMs = 0;
  wallAheadMs = 0;
  readonly troubles: unknown[] = [];
  /** What it has told of the lease, in order. */
  readonly told: string[] = [];
  readonly lease: VerifierLease;

  constructor(positions: FollowerPositions, { policy = 'closed', position = at(1) }: VerifierOptions) {
    this.position = position;
    this.lease = new VerifierLease({
      positions,
      policy,
      progress: () => ({
        anchor: this.position === null ? null : anchorAt(this.position),
        freshAsOfMs: this.heardLastMs ?? this.nowMs(),
      }),
      onHeld: () => this.told.push('held'),
      onTrouble: (error) => {
        this.troubles.push(error);
        this.told.push('trouble');
      },
      onRecovery: () => this.told.push('recovery'),
      clock: { monotonicMs: () => this.nowMs(), wallMs: () => Date.now() + this.wallAheadMs },
    });
  }

  get verifierId(): string {
    return this.lease.verifierId;
  }

  async holds(): Promise<this> {
    await eventually(() => this.lease.isHeld());
    return this;
  }

  nowMs(): number {
    return performance.now() + this.monotonicAheadMs;
  }
}

/** What a receipt asks of a log; it can lose events. */
class LogThatLoses {
  readonly lost = new Set<string>();

  anchorAt(position: string): Promise<Anchor | null> {
    return Promise.resolve(this.lost.has(position) ? null : anchorAt(position));
  }
}

/** A database with the table of leases, and as many ways to it as a test wants. */
export class Verifiers {
  private readonly verifiers: Verifier[] = [];
  readonly log = new LogThatLoses();
  /** As those see the table who wait. */
  readonly positions: FollowerPositions;

  private constructor(
    readonly url: string,
    readonly pool: pg.Pool,
    private readonly closers: (() => Promise<unknown>)[],
  ) {
    this.positions = new FollowerPositions(pool, this.log, SCHEMA);
  }

  static async open(): Promise<Verifiers> {
    const database = await createDatabase();
    await setUnusualDefaults(database.url);
    const pool = openPool(database.url);
    return new Verifiers(database.url, pool, [() => database.drop(), () => pool.end()]);
  }

  start(options: VerifierOptions = {}): Verifier {
    const verifier = new Verifier(options.positions ?? this.positions, options);
    this.verifiers.push(verifier);
    return verifier;
  }

  /** One with a way of its own to the database. */
  async startBehindProxy(): Promise<{ verifier: Verifier; proxy: TcpProxy }> {
    const proxy = await TcpProxy.before(this.url);
    const pool = openPool(proxy.url);
    this.closers.push(
      () => proxy.close(),
      () => pool.end(),
    );
    return { verifier: this.start({ positions: new FollowerPositions(pool, this.log, SCHEMA) }), proxy };
  }

  /** What the receipt says of the verifiers, by their ids. */
  async receipt(position: string): Promise<Readonly<Record<string, boolean>>> {
    return guarantees(await this.positions.verifiersAt(position));
  }

  /** Lets the clock of the database be `seconds` further than when the verifier has reported last. */
  async letPass(seconds: number, { verifierId }: Verifier): Promise<void> {
    await this.pool.query(
      `update followers.follower_positions set reported_at = clock_timestamp() - $2 * interval '1 second'
       where verifier_id = $1`,
      [verifierId, seconds],
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.verifiers.map(({ lease }) => lease.stop()));
    for (const closeOne of this.closers.reverse()) await closeOne();
  }
}

export const guarantees = (verifiers: readonly VerifierPosition[]): Readonly<Record<string, boolean>> =>
  Object.fromEntries(verifiers.map(({ verifierId, guaranteed }) => [verifierId, guaranteed]));
