import { performance } from 'node:perf_hooks';
import {
  backoffMs,
  comparePositions,
  isPositionOf,
  LogReplaced,
  LogUnavailable,
  pause,
  Wakeup,
  type EventLog,
  type FollowItem,
  type Position,
} from '@keyledger/event-log';
import { reasonOf } from '@keyledger/postgres';
import type { Sink } from './sink.js';

const STANDBY_MS = 1_000;
const READ_STORED_EVERY_MS = 20;

export interface FollowerOptions {
  readonly log: EventLog;
  readonly sink: Sink;
  readonly onStatus?: (status: FollowerStatus) => void;
  readonly signal: AbortSignal;
}

/** `stopped` is for good: it needs a person. `standby`: another instance applies. */
export interface FollowerStatus {
  readonly state: 'starting' | 'standby' | 'catching-up' | 'live' | 'unavailable' | 'stopped';
  /** Of the last event taken, as far as this instance knows. */
  readonly position: Position | null;
  /** Everything in the log at this time (`performance.now()`) has been applied; null if that was never so here. */
  readonly freshAsOfMs: number | null;
  readonly reason?: string;
  /** True where it has stopped because the log is not the one that its sink was filled from. */
  readonly logReplaced?: boolean;
}

/** Keeps a sink in step with the log, from start until its signal aborts. */
export class Follower {
  /** Resolves when it has ended; never rejects. */
  readonly done: Promise<void>;
  readonly #options: FollowerOptions;
  readonly #progress = new Wakeup();
  #failures = 0;
  #status: FollowerStatus = { state: 'starting', position: null, freshAsOfMs: null };

  constructor(options: FollowerOptions) {
    this.#options = options;
    // Later: whoever is told of the status may ask this for it.
    this.done = Promise.resolve().then(() => this.#run());
  }

  status(): FollowerStatus {
    return this.#status;
  }

  /** How old what the sink holds may be at most; Infinity while this instance has never brought everything there. */
  ageMs(): number {
    const { freshAsOfMs } = this.#status;
    return freshAsOfMs === null ? Infinity : performance.now() - freshAsOfMs;
  }

  /** Where the sink stands, whichever instance has brought it there; null for nowhere. */
  stored(): Promise<Position | null> {
    return this.#options.sink.stored();
  }

  /** True once the sink holds everything up to `minPosition`, false if it does not within the time. */
  async waitForPosition(minPosition: Position, timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const seen = this.#progress.count;
      const position = await this.#reached();
      if (position !== null && comparePositions(position, minPosition) >= 0) return true;
      const restMs = deadline - performance.now();
      if (restMs <= 0) return false;
      await this.#progress.wait(seen, this.#isActive() ? restMs : Math.min(restMs, READ_STORED_EVERY_MS));
    }
  }

  #isActive(): boolean {
    return this.#status.state === 'catching-up' || this.#status.state === 'live';
  }

  async #reached(): Promise<Position | null> {
    const position = this.#isActive() ? this.#status.position : await this.stored().catch(() => null);
    // What was made from another log has reached no position of this one.
    return position !== null && isPositionOf(this.#options.log.logId, position) ? position : null;
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
        const passing = error instanceof LogUnavailable || this.#options.sink.mayPass(error);
        // What the sink holds is of no log any more, and so never fresh again.
        const freshAsOfMs = logReplaced ? null : this.#status.freshAsOfMs;
        this.#set({ state: passing ? 'unavailable' : 'stopped', reason: reasonOf(error), logReplaced, freshAsOfMs });
        if (passing) await pause(backoffMs(this.#failures++), signal);
      }
    }
  }

  /** Leads until it cannot, if no other instance does; then stands by. */
  async #attempt(): Promise<void> {
    await this.#options.sink.lead((lost) => this.#follow(lost));
    if (this.#options.signal.aborted) return;
    this.#set({ state: 'standby', position: await this.stored() });
  }

  async #follow(lost?: AbortSignal): Promise<void> {
    const { sink, log, signal } = this.#options;
    const { state, reason } = this.#status;
    const position = sink.anchor?.position ?? null;
    // Whether it can go on after a failure shows only once something was taken.
    this.#set(state === 'unavailable' ? { position, reason } : { state: 'catching-up', position });
    for await (const item of log.follow(sink.anchor, lost ? AbortSignal.any([signal, lost]) : signal)) {
      if (!(await this.#take(item))) return;
    }
  }

  /** False if another instance has taken over. */
  async #take(item: FollowItem): Promise<boolean> {
    if (item.kind === 'unavailable') {
      this.#set({ state: 'unavailable', reason: item.reason });
      return true;
    }
    if (item.kind === 'caught-up') {
      this.#failures = 0;
      this.#set({ state: 'live', freshAsOfMs: item.asOfMs });
      return true;
    }
    const { sink } = this.#options;
    try {
      const isTaken = await sink.take(item.events);
      this.#failures = 0;
      if (this.#status.state === 'unavailable') this.#set({ state: 'catching-up' });
      return isTaken;
    } finally {
      this.#set({ position: sink.anchor?.position ?? null }); // Also where some were taken before one that cannot be.
    }
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
