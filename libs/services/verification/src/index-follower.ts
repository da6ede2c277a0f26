import type { EventLog, Position } from '@keyledger/event-log';
import {
  runFollower,
  VerifierLease,
  type SnapshotSink,
  type Follower,
  type FollowerPositions,
  type FollowerStatus,
} from '@keyledger/read-models';
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '@keyledger/postgres';
import { Metrics, Readiness, type Config } from '@keyledger/edge';
import { Logger, type BeforeApplicationShutdown, type OnApplicationShutdown } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import type { CredentialIndex } from './credential-index.js';
import { indexSink } from './index-sink.js';
import type pg from 'pg';

/** A verifier that has heard nothing of the log for longer gets no traffic. */
const READY_WITHIN_MS = 3_000;
/** So long a start waits for the index and the lease, before it goes on behind the doors. */
const FIRST_FILL_MS = 10_000;
const LOOK_MS = 10;

interface Parts {
  readonly config: Config;
  readonly log: EventLog;
  readonly pool: pg.Pool;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly positions: FollowerPositions;
  /** Where the tables of the projection are. */
  readonly schema: string;
}

/** Keeps the index of this process in step with the log, and knows how fresh it is. */
export class IndexFollower implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger('verifier');
  private readonly stopping = new AbortController();
  private readonly sink: SnapshotSink<CredentialIndex>;
  private readonly follower: Follower;
  private readonly lease: VerifierLease;
  private readonly unreadable: Counter;
  private isClosing = false;

  private constructor(parts: Parts) {
    const { config, log, pool, schema, readiness, metrics, positions } = parts;
    const { streamPrefix } = config;
    this.unreadable = new Counter({
      name: 'keyledger_verifier_unreadable_events_total',
      help: 'Events that this version cannot read. Verdicts on their accounts are STALE until it is upgraded.',
      registers: [metrics.registry],
    });
    this.sink = indexSink({
      pool,
      schema,
      streamPrefix,
      onUnreadable: ({ id, position, streamId }, error) => {
        this.unreadable.inc();
        const name = error instanceof Error ? error.name : 'unknown error';
        this.logger.error(`Event ${id} at ${position} cannot be read (${name}): ${streamId} is STALE from now on.`);
      },
    });
    const onStatus = (status: FollowerStatus): void => this.report(status);
    this.follower = runFollower({ log, sink: this.sink, onStatus, signal: this.stopping.signal });
    this.lease = new VerifierLease({
      positions,
      progress: () => ({ anchor: this.sink.anchor, freshAsOfMs: this.follower.status().freshAsOfMs }),
      policy: config.verifierOpenFor.length > 0 ? 'open' : 'closed',
      // By this id receipts name it.
      onHeld: () => this.logger.log(`The verifier is live as ${this.lease.verifierId}.`),
      onTrouble: (error) => this.reportTrouble(error),
      onRecovery: () => this.logger.log('The lease is renewed again.'),
    });
    readiness.add('verifier', () => Promise.resolve(this.probe()));
    this.measure(metrics);
  }

  /** Starts to follow, and waits until the index has everything that is in the log now, or for a while. */
  static async start(parts: Parts): Promise<IndexFollower> {
    const follower = new IndexFollower(parts);
    const deadline = performance.now() + FIRST_FILL_MS;
    await follower.follower.waitForPosition(await parts.log.head(), FIRST_FILL_MS);
    while (!follower.lease.isHeld() && performance.now() < deadline) await sleep(LOOK_MS);
    return follower;
  }

  /** Undefined until it is filled, and where it was filled from what the log does not hold any more. */
  get index(): CredentialIndex | undefined {
    return this.follower.status().logReplaced === true ? undefined : this.sink.held;
  }

  /** Position of the last event in the index; null for none. */
  get position(): Position | null {
    return this.sink.anchor?.position ?? null;
  }

  /**
   * Whether this process may say what it knows: whoever revokes with a receipt waits for those that hold a lease
   * (ADR 17), and for no others.
   */
  holdsLease(): boolean {
    return this.lease.isHeld();
  }

  /** How old the index may be at most; Infinity while it was never complete. */
  ageMs(): number {
    return this.follower.ageMs();
  }

  /** True once the index has `position`, false if it has not within the time. */
  waitFor(position: Position, timeoutMs: number): Promise<boolean> {
    return this.follower.waitForPosition(position, timeoutMs);
  }

  /** From now on the stores may be closed under it, if the doors take too long to close: that is no trouble. */
  beforeApplicationShutdown(): void {
    this.isClosing = true;
  }

  /** After the doors are closed, so that requests under way are still answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.lease.stop();
    this.stopping.abort();
    await this.follower.done;
  }

  private probe() {
    const ageMs = this.ageMs();
    const { state, reason } = this.follower.status();
    const up = ageMs < READY_WITHIN_MS && state !== 'stopped' && this.holdsLease();
    const { verifierId } = this.lease;
    const heardMs = Number.isFinite(ageMs) ? Math.round(ageMs) : null;
    const details = { up, state, verifierId, position: this.position, ageMs: heardMs };
    return up ? details : { ...details, reason: reason ?? this.whyNotReady(ageMs) };
  }

  private whyNotReady(ageMs: number): string {
    return ageMs < READY_WITHIN_MS ? 'it holds no lease' : 'nothing of the log was heard lately';
  }

  private report({ state, reason = 'no reason known' }: FollowerStatus): void {
    if (state === 'stopped') this.stopFor(reason);
    else if (this.isClosing) return;
    else if (state === 'unavailable') this.logger.warn(`Not following the log now: ${reason}`);
    else this.logger.log(`The verifier is ${state}.`);
  }

  /** Who follows no more must not say what he knows, and nobody has to wait for him. */
  private stopFor(reason: string): void {
    void this.lease.stop();
    if (!this.isClosing) this.logger.error(`Stopped, for a person to look at: ${reason}`);
  }

  private reportTrouble(error: unknown): void {
    if (this.isClosing) return;
    this.logger.warn(`The lease is not renewed, which is tried again: ${reasonOf(error)}`);
  }

  private measure({ registry }: Metrics): void {
    const { follower, sink } = this;
    new Gauge({
      name: 'keyledger_verifier_age_seconds',
      help: 'How old what the verifier knows may be.',
      registers: [registry],
      collect() {
        this.set(follower.ageMs() / 1000);
      },
    });
    new Gauge({
      name: 'keyledger_verifier_credentials',
      help: 'Credentials in the index of the verifier.',
      registers: [registry],
      collect() {
        this.set(sink.held?.size ?? 0);
      },
    });
  }
}
