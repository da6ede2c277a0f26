import type { EventLog } from '@keyledger/event-log';
import type { Metrics } from '@keyledger/edge';
import {
  PostgresSink,
  prepareTables,
  runFollower,
  type Follower,
  type FollowerStatus,
  type Projection,
} from '@keyledger/read-models';
import { Logger, type BeforeApplicationShutdown, type OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import { Gauge } from 'prom-client';

interface Parts {
  readonly pool: pg.Pool;
  readonly log: EventLog;
  readonly metrics: Metrics;
}

/**
 * Keeps the tables that verifiers start from. No verdict depends on them: if they stop, at an event that this version
 * cannot read, the next start takes longer, and that is all. So they are no part of readiness.
 */
export class SnapshotFollower implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger('verifier snapshot');
  private readonly stopping = new AbortController();
  private readonly follower: Follower;
  private isClosing = false;

  private constructor(projection: Projection, { pool, log, metrics }: Parts) {
    const onStatus = (status: FollowerStatus): void => this.report(status);
    const sink = new PostgresSink(pool, projection);
    const follower = runFollower({ log, sink, onStatus, signal: this.stopping.signal });
    this.follower = follower;
    new Gauge({
      name: 'keyledger_verifier_snapshot_failing',
      help: '1 while the tables that verifiers start from cannot follow the log, else 0.',
      registers: [metrics.registry],
      collect() {
        this.set(['unavailable', 'stopped'].includes(follower.status().state) ? 1 : 0);
      },
    });
  }

  /** Creates the tables if need be and keeps them in step with the log. Rejects if the database does not answer. */
  static async start(projection: Projection, parts: Parts): Promise<SnapshotFollower> {
    await prepareTables(parts.pool, projection);
    return new SnapshotFollower(projection, parts);
  }

  /** From now on the stores may be closed under it, if the doors take too long to close: that is no trouble. */
  beforeApplicationShutdown(): void {
    this.isClosing = true;
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.follower.done;
  }

  private report({ state, reason = 'no reason known' }: FollowerStatus): void {
    if (this.isClosing) return;
    if (state === 'stopped') this.logger.error(`Stopped, for a person to look at: ${reason}`);
    else if (state === 'unavailable') this.logger.warn(`Not following the log now: ${reason}`);
  }
}
