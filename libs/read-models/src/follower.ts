import { performance } from 'node:perf_hooks';
import type pg from 'pg';
import { applyBatch, mayPass } from './apply-batch.js';
import { CheckpointTable, type Checkpoint } from './checkpoint.js';
import {
  backoffMs,
  comparePositions,
  isPositionOf,
  LogReplaced,
  pause,
  Wakeup,
  type Anchor,
  type EventLog,
  type FollowItem,
  type Position,
  type RecordedEvent,
} from '@keyledger/event-log';
import { advisoryKey, reasonOf } from '@keyledger/postgres';
import { takeSessionLock, type SessionLock } from './session-lock.js';

const STANDBY_MS = 1_000;
const READ_CHECKPOINT_EVERY_MS = 20;

export interface FollowerOptions {
  /** Instances of the same name and schema share the work: one is active, the others stand by. */
  readonly name: string;
  readonly log: EventLog;
  readonly pool: pg.Pool;
  /** Holds the read model's tables and its checkpoint. */
  readonly schema: string;
  /** Raised when what `apply` makes of an event changes; tables of another version are not touched. */
  readonly projectionVersion: number;
  /** Writes what the events mean, in the transaction that moves the checkpoint. Doing it twice must change nothing. */
  readonly apply: (transaction: pg.PoolClient, events: readonly RecordedEvent[]) => Promise<void>;
  readonly onStatus?: (status: FollowerStatus) => void;
  readonly signal: AbortSignal;
}

/** `stopped` is for good: it needs a person. `standby`: another instance applies. */
export interface FollowerStatus {
  readonly state: 'starting' | 'standby' | 'catching-up' | 'live' | 'unavailable' | 'stopped';
  /** Of the last event applied, as far as this instance knows. */
  readonly position: Position | null;
  /** Everything in the log at this time (`performance.now()`) has been applied; null if that was never so here. */
  readonly freshAsOfMs: number | null;
  readonly reason?: string;
  /** True where it has stopped because the log is not the one that its tables come from. */
  readonly logReplaced?: boolean;
}

/** Keeps the tables of one schema in step with the log, from start until its signal aborts. */
export class Follower {
  /** Resolves when it has ended; never rejects. */
  readonly done: Promise<void>;
  readonly #options: FollowerOptions;
  readonly #checkpoint: CheckpointTable;
  readonly #progress = new Wakeup();
  #failures = 0;
  #status: FollowerStatus = { state: 'starting', position: null, freshAsOfMs: null };

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#checkpoint = new CheckpointTable(options.pool, options.schema);
    this.done = this.#run();
  }

  status(): FollowerStatus {
    return this.#status;
  }

  /** How old the read model may be at most; Infinity while this instance has never applied everything. */
  ageMs(): number {
    const { freshAsOfMs } = this.#status;
    return freshAsOfMs === null ? Infinity : performance.now() - freshAsOfMs;
  }

  /** The checkpoint as stored, whichever instance has moved it; null before the first start. */
  checkpoint(): Promise<Checkpoint | null> {
    return this.#checkpoint.read();
  }

  /** True once the read model contains everything up to `minPosition`, false if it does not within the time. */
  async waitForPosition(minPosition: Position, timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const seen = this.#progress.count;
      const position = await this.#reached();
      if (position !== null && comparePositions(position, minPosition) >= 0) return true;
      const restMs = deadline - performance.now();
      if (restMs <= 0) return false;
      await this.#progress.wait(seen, this.#isActive() ? restMs : Math.min(restMs, READ_CHECKPOINT_EVERY_MS));
    }
  }

  #isActive(): boolean {
    return this.#status.state === 'catching-up' || this.#status.state === 'live';
  }

  async #reached(): Promise<Position | null> {
    const position = this.#isActive() ? this.#status.position : await this.#stored();
    // What was made from another log has reached no position of this one.
    return position !== null && isPositionOf(this.#options.log.logId, position) ? position : null;
  }

  async #stored(): Promise<Position | null> {
    const checkpoint = await this.#checkpoint.read().catch(() => null);
    return checkpoint?.anchor?.position ?? null;
  }

  async #run(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted && this.#status.state !== 'stopped') {
      try {
        await this.#attempt();
        this.#failures = 0;
        await pause(STANDBY_MS * (0.75 + Math.random() / 2), signal);
      } catch (error) {
        const logReplaced = error instanceof LogReplaced;
        this.#set({ state: mayPass(error) ? 'unavailable' : 'stopped', reason: reasonOf(error), logReplaced });
        if (mayPass(error)) await pause(backoffMs(this.#failures++), signal);
      }
    }
  }

  /** Leads until it cannot, if no other instance does; then stands by. */
  async #attempt(): Promise<void> {
    const { pool, schema, name, projectionVersion } = this.#options;
    await this.#checkpoint.ensure(projectionVersion);
    const lock = await takeSessionLock(pool, advisoryKey('follower', `${schema}/${name}`));
    try {
      if (lock !== null) await this.#lead(lock);
    } finally {
      lock?.release();
    }
    if (this.#options.signal.aborted) return;
    const checkpoint = await this.#checkpoint.read();
    this.#set({ state: 'standby', position: checkpoint?.anchor?.position ?? null });
  }

  async #lead(lock: SessionLock): Promise<void> {
    const anchor = await this.#start();
    this.#set({ state: 'catching-up', position: anchor?.position ?? null });
    const signal = AbortSignal.any([this.#options.signal, lock.lost]);
    for await (const item of this.#options.log.follow(anchor, signal)) {
      if (!(await this.#take(item))) return;
    }
  }

  async #start(): Promise<Anchor | null> {
    const { schema, projectionVersion } = this.#options;
    const checkpoint = await this.#checkpoint.read();
    if (checkpoint?.projectionVersion === projectionVersion) return checkpoint.anchor;
    const found = checkpoint?.projectionVersion ?? 'none';
    throw new Error(`${schema} holds projection version ${found}, not ${projectionVersion}: rebuild it.`);
  }

  /** False if another instance has taken over. */
  async #take(item: FollowItem): Promise<boolean> {
    if (item.kind === 'unavailable') {
      this.#set({ state: 'unavailable', reason: item.reason });
      return true;
    }
    this.#failures = 0;
    if (item.kind === 'caught-up') {
      this.#set({ state: 'live', freshAsOfMs: item.asOfMs });
      return true;
    }
    if (this.#status.state === 'unavailable') this.#set({ state: 'catching-up' });
    const { pool, apply } = this.#options;
    const onApplied = (position: Position): void => this.#set({ position });
    const target = { pool, checkpoint: this.#checkpoint, apply, onApplied };
    return applyBatch(target, this.#status.position, item.events);
  }

  #set(change: Partial<FollowerStatus>): void {
    const { state } = this.#status;
    this.#status = { ...this.#status, reason: undefined, ...change };
    this.#progress.wake();
    if (this.#status.state !== state) this.#options.onStatus?.(this.#status);
  }
}

/** Starts at once and runs until the signal aborts. */
export const runFollower = (options: FollowerOptions): Follower => new Follower(options);
