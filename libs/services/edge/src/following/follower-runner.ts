import { beginningOf, LogReplaced, LogUnavailable, type EventLog, type Position } from '@keyledger/event-log';
import { runFollower, type Follower, type FollowerStatus, type Sink } from '@keyledger/read-models';
import { Logger, type BeforeApplicationShutdown, type OnApplicationShutdown } from '@nestjs/common';
import { Gauge } from 'prom-client';
import type { Metrics } from '../observing/metrics.js';
import type { ReadModelProgress } from '../operation/read-gate.js';
import type { PartState, Readiness } from '../observing/readiness.js';

/** What a follower needs of the process that it runs in. */
export interface FollowerHost {
  readonly log: EventLog;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
}

/** A read model that is further behind than this gets no traffic. */
const READY_WITHIN_MS = 1_000;
const FIRST_CATCH_UP_MS = 1_000;

type States = readonly FollowerStatus['state'][];

const applying: States = ['catching-up', 'live'];
const failing: States = ['starting', 'unavailable', 'stopped'];
const states: States = ['standby', ...applying, ...failing];

/** What is kept in step with the log. */
interface Followed {
  /** Names it in readiness, in metrics and in the lines that are logged. */
  readonly name: string;
  readonly sink: Sink;
  /** What to do where the log is not the one that the sink was filled from, if it is the right one. */
  readonly whenReplaced: string;
  /** Of what no request needs: behind the log the process stays ready, and only what stops it for good counts. */
  readonly mayLag?: boolean;
}

/** Keeps a sink in step with the log for as long as the application runs, and shows how that goes. */
export class FollowerRunner implements ReadModelProgress, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private isClosing = false;
  private readonly logger: Logger;
  private readonly follower: Follower;

  private constructor(
    private readonly followed: Followed,
    private readonly host: FollowerHost,
  ) {
    const { name, sink } = followed;
    this.logger = new Logger(name);
    this.follower = runFollower({
      log: host.log,
      sink,
      onStatus: (status) => this.report(status),
      signal: this.stopping.signal,
    });
    host.readiness.add(name, () => this.probe());
    this.measure(name);
  }

  /**
   * Starts to follow. Gives the follower a moment first, so that after a restart the first read shows what was
   * acknowledged before it; one that has more to catch up with goes on behind the doors, and readiness says so.
   */
  static async start(followed: Followed, host: FollowerHost): Promise<FollowerRunner> {
    const runner = new FollowerRunner(followed, host);
    await runner.follower.waitForPosition(await host.log.head(), FIRST_CATCH_UP_MS);
    return runner;
  }

  /** Throws LogReplaced where it holds what is in no log any more: nobody must take that for true. */
  async checkpoint(): Promise<Position> {
    this.requireSameLog();
    return this.standing();
  }

  /** Position of the last event that it holds, of whichever log; before all of them where it holds none. */
  private async standing(): Promise<Position> {
    const { state, position } = this.follower.status();
    if (applying.includes(state) && position !== null) return position;
    return (await this.follower.stored()) ?? beginningOf(await this.host.log.head());
  }

  /** Throws LogReplaced as `checkpoint` does. */
  async waitForPosition(position: Position, timeoutMs: number): Promise<boolean> {
    this.requireSameLog();
    return this.follower.waitForPosition(position, timeoutMs);
  }

  /** Whether it follows no more: what it has applied only gets older, until a person has looked at it. */
  hasStopped(): boolean {
    return this.follower.status().state === 'stopped';
  }

  /** From now on the stores may be closed under it, if the doors take too long to close: that is no trouble. */
  beforeApplicationShutdown(): void {
    this.isClosing = true;
  }

  /** After the doors are closed, so that requests under way are still answered. */
  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.follower.done;
  }

  private requireSameLog(): void {
    if (this.follower.status().logReplaced === true) throw new LogReplaced(this.reason());
  }

  /** Up if what is in the log now is soon in the tables, whichever instance puts it there. */
  private async probe(): Promise<PartState> {
    const askedMs = performance.now();
    const trouble = await this.whyNotReady();
    // Asked after the wait, in which the follower may have met what it cannot read.
    const { state } = this.follower.status();
    const up = this.followed.mayLag === true ? state !== 'stopped' : trouble === undefined && !this.isFailing();
    // What another instance applies is known to be as fresh as this very question.
    const ageMs = up && state === 'standby' ? performance.now() - askedMs : this.follower.ageMs();
    const position = await this.standing().catch(() => null);
    const details = { up, state, position, ageMs: Number.isFinite(ageMs) ? Math.round(ageMs) : null };
    const reason = this.reason() ?? trouble;
    return reason === undefined ? details : { ...details, reason };
  }

  private async whyNotReady(): Promise<string | undefined> {
    if (this.followed.mayLag === true) return undefined;
    if (this.isFailing()) return `the follower is ${this.follower.status().state}`;
    try {
      const fresh = await this.follower.waitForPosition(await this.host.log.head(), READY_WITHIN_MS);
      return fresh ? undefined : 'the read model is behind the log';
    } catch (error) {
      if (error instanceof LogUnavailable) return 'the log does not answer';
      throw error;
    }
  }

  private isFailing(): boolean {
    return failing.includes(this.follower.status().state);
  }

  private reason(): string | undefined {
    const { reason, logReplaced } = this.follower.status();
    if (logReplaced !== true) return reason;
    return `${reason} If this log is the right one: ${this.followed.whenReplaced}`;
  }

  private report({ state }: FollowerStatus): void {
    const reason = this.reason() ?? 'no reason known';
    if (state === 'stopped' && !this.isClosing) this.logger.error(`Stopped, for a person to look at: ${reason}`);
    else if (state === 'unavailable') this.logger.warn(`Not following the log now: ${reason}`);
    else this.logger.log(`The follower is ${state}.`);
  }

  private measure(name: string): void {
    const { follower } = this;
    const registers = [this.host.metrics.registry];
    new Gauge({
      name: `keyledger_${name}_age_seconds`,
      help: `How old what ${name} shows may be; NaN while another instance follows the log.`,
      registers,
      collect() {
        this.set(follower.status().state === 'standby' ? NaN : follower.ageMs() / 1000);
      },
    });
    new Gauge({
      name: `keyledger_${name}_failing`,
      help: `1 while ${name} cannot follow the log, 0 while it does or stands by.`,
      registers,
      collect() {
        this.set(failing.includes(follower.status().state) ? 1 : 0);
      },
    });
    new Gauge({
      name: `keyledger_${name}_state`,
      help: `1 for the state that the follower of ${name} is in, 0 for the others.`,
      labelNames: ['state'],
      registers,
      collect() {
        for (const state of states) this.set({ state }, follower.status().state === state ? 1 : 0);
      },
    });
  }
}
