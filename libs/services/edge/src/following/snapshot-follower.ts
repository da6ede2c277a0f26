import type { EventLog } from '@keyledger/event-log';
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
import type { Metrics } from '../observing/metrics.js';

interface Parts {
  /** Of whom starts from the tables, in lines of the log and in metrics. */
  readonly name: string;
  readonly pool: pg.Pool;
  readonly log: EventLog;
  readonly metrics: Metrics;
}

/**
 * Keeps the tables that processes with a memory of their own start from. No answer depends on them: if they stop, at an
 * event that this version cannot read, the next start takes longer, and that is all. So they are no part of readiness.
 */
export class SnapshotFollower implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger: Logger;
  private readonly stopping = new AbortController();
  private readonly follower: Follower;
  private isClosing = false;

  private constructor(projection: Projection, { name, pool, log, metrics }: Parts) {
    this.logger = new Logger(`${name} snapshot`);
    const onStatus = (status: FollowerStatus): void => this.report(status);
    const sink = new PostgresSink(pool, projection);
    const follower = runFollower({ log, sink, onStatus, signal: this.stopping.signal });
    this.follower = follower;
    new Gauge({
      name: `keyledger_${name}_snapshot_failing`,
      help: `1 while the tables that ${name} starts from cannot follow the log, else 0.`,
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
