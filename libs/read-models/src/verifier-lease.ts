import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { backoffMs, pause, type Anchor, type Position } from '@keyledger/event-log';
import { LEASE_MS, type FollowerPositions, type LeasePolicy } from './follower-positions.js';
import type { FollowerStatus } from './follower.js';

const RENEW_MS = 2_000;
const MOVE_MS = 100;
const LOOK_MS = 20;
const SWEEP_MS = 60_000;
const STOP_DEADLINE_MS = 1_500;

/** Two clocks: the one stands still while the machine sleeps, the other one can be set. */
export interface LeaseClock {
  /** Of `performance.now()`, as in the status of a follower. */
  monotonicMs(): number;
  wallMs(): number;
}

export interface LeaseOptions {
  readonly positions: FollowerPositions;
  /**
   * Of the follower whose sink the answers are made from, and of that sink. The anchor never goes back: who throws away
   * what he knows and reads it anew, or follows no more, stops the lease.
   */
  readonly progress: () => Pick<FollowerStatus, 'freshAsOfMs'> & { readonly anchor: Anchor | null };
  readonly policy: LeasePolicy;
  /** Told when it is held for the first time. */
  readonly onHeld?: () => void;
  /**
   * Told once of reports that fail one after the other, from the second on: the lease outlasts several, and one that is
   * late is no trouble. They are tried again.
   */
  readonly onTrouble?: (error: unknown) => void;
  /** Told of the first report that succeeds after that. */
  readonly onRecovery?: () => void;
  readonly clock?: LeaseClock;
}

interface Moment {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/** A time in which the lease was held without a break. */
interface Term {
  /** Begin of the latest acknowledged report. */
  readonly begun: Moment;
  /** When its first report was acknowledged, by the monotonic clock. */
  readonly sinceMs: number;
  /** Whether everything that was in the log then has been applied. */
  isCaughtUp: boolean;
}

const processClock: LeaseClock = { monotonicMs: () => performance.now(), wallMs: () => Date.now() };

/**
 * What allows a verifier to answer by what it knows: whoever acknowledges a revocation waits for all who hold one. From
 * the start until `stop` it reports where the verifier is. Why it is safe is in ADR 17.
 */
export class VerifierLease {
  readonly verifierId = randomUUID();
  readonly #options: LeaseOptions;
  readonly #clock: LeaseClock;
  readonly #stopping = new AbortController();
  readonly #done: Promise<void>;
  #term: Term | null = null;
  #lastBegun: Moment | null = null;
  #reported: Position | null = null;
  #isPrepared = false;
  #nextSweepMs = 0;
  #wasHeld = false;
  /** Of reports, one after the other. */
  #failures = 0;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#clock = options.clock ?? processClock;
    this.#done = this.#run();
  }

  /** To be asked for each answer: without the lease only the policy answers. */
  isHeld(): boolean {
    const term = this.#term;
    if (term === null || this.#sinceMs(term.begun) >= LEASE_MS) return false;
    // What was written before anybody could see the lease was not waited for: it has to be known first.
    term.isCaughtUp ||= (this.#options.progress().freshAsOfMs ?? -Infinity) >= term.sinceMs;
    return term.isCaughtUp;
  }

  /** Gives the lease back, so that nobody waits for it to lapse. Bounded. After it `isHeld` is false for good. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#term = null;
    const goodbye = this.#done.then(() => this.#options.positions.remove(this.verifierId));
    const handled = goodbye.catch((error: unknown) => this.#options.onTrouble?.(error));
    const late = new AbortController();
    await Promise.race([handled, pause(STOP_DEADLINE_MS, late.signal)]);
    late.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        if (this.#isDue()) await this.#renew();
        this.#tellWhenHeld();
        await pause(LOOK_MS, signal);
      } catch (error) {
        this.#isPrepared = false;
        this.#reported = null;
        if (this.#failures === 1) this.#options.onTrouble?.(error);
        await pause(backoffMs(this.#failures++), signal);
      }
    }
  }

  async #renew(): Promise<void> {
    await this.#report();
    if (this.#failures > 1) this.#options.onRecovery?.();
    this.#failures = 0;
  }

  #tellWhenHeld(): void {
    if (this.#wasHeld || !this.isHeld()) return;
    this.#wasHeld = true;
    this.#options.onHeld?.();
  }

  /** One that does not know the log yet answers nothing, so that nobody has to wait for it. */
  #isDue(): boolean {
    const { anchor, freshAsOfMs } = this.#options.progress();
    if (anchor === null || freshAsOfMs === null) return false;
    if (this.#lastBegun === null) return true;
    const sinceMs = this.#sinceMs(this.#lastBegun);
    return sinceMs >= (anchor.position === this.#reported ? RENEW_MS : MOVE_MS);
  }

  async #report(): Promise<void> {
    const { positions, progress, policy } = this.#options;
    const { verifierId } = this;
    const begun = this.#now();
    this.#lastBegun = begun;
    const { anchor } = progress();
    if (anchor === null) return;
    if (!this.#isPrepared) await positions.ensure();
    this.#isPrepared = true;
    await positions.report({ verifierId, anchor, policy }, !this.#isRunning());
    if (this.#stopping.signal.aborted) return;
    this.#reported = anchor.position;
    this.#term = this.#termWith(begun);
    await this.#sweepNowAndThen();
  }

  /** A report that is acknowledged after the lapse begins a new term: in between nobody had to wait for this one. */
  #termWith(begun: Moment): Term {
    const term = this.#term;
    if (term !== null && this.#isRunning()) return { ...term, begun };
    return { begun, sinceMs: this.#clock.monotonicMs(), isCaughtUp: false };
  }

  #isRunning(): boolean {
    return this.#term !== null && this.#sinceMs(this.#term.begun) < LEASE_MS;
  }

  async #sweepNowAndThen(): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#nextSweepMs) return;
    this.#nextSweepMs = nowMs + SWEEP_MS * (0.75 + Math.random() / 2);
    await this.#options.positions.sweep();
  }

  #now(): Moment {
    return { monotonicMs: this.#clock.monotonicMs(), wallMs: this.#clock.wallMs() };
  }

  /** By the clock that has gone further. */
  #sinceMs({ monotonicMs, wallMs }: Moment): number {
    return Math.max(this.#clock.monotonicMs() - monotonicMs, this.#clock.wallMs() - wallMs);
  }
}
