import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { advisoryKey, takeSessionLock } from '@keyledger/postgres';
import { runTaskList, type WorkerEvents, type WorkerPool } from 'graphile-worker';
import type pg from 'pg';
import { v4 as uuid } from 'uuid';
import type { Drains } from './drain.js';
import { TASK, type Schemas } from './functions.js';
import { endpointIdOf } from './ids.js';
import { queueLogger, type Tell } from './queue-logger.js';

/** Endpoints that one process begins to send to at a time. */
const CONCURRENCY = 24;
/** For each of those that wait; what is new is told at once. */
const POLL_MS = 2_000;
const LOOK_FOR_DEAD_MS = 1_000;
const RESTART_MS = 1_000;

interface Parts {
  /** For the queue alone: it holds one connection to be told of new jobs, and one for its lock. */
  readonly pool: pg.Pool;
  readonly schemas: Schemas;
  readonly drains: Pick<Drains, 'drain' | 'settled'>;
  readonly warn: Tell;
  readonly inform: Tell;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown error');

/** Resolves when one of the signals aborts. */
const oneOf = (...signals: readonly AbortSignal[]): Promise<void> =>
  new Promise((resolve) => {
    const any = AbortSignal.any([...signals]);
    if (any.aborted) resolve();
    else any.addEventListener('abort', () => resolve(), { once: true });
  });

/**
 * Runs the jobs of this process. Each run has a lock of its own that ends with the process, and another process takes
 * up at once what a run without its lock had begun: the library by itself would wait four hours. Where the database
 * goes away the library may lose workers for good, so then a new run begins.
 */
export class DeliveryQueue {
  private readonly stopping = new AbortController();
  private done: Promise<void> = Promise.resolve();
  private isDown = false;

  constructor(private readonly parts: Parts) {}

  start(): void {
    this.done = Promise.all([this.runAgain(), this.buryDead()]).then(() => undefined);
  }

  /** Takes no more jobs, and resolves once those under way have ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.done;
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private async runAgain(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.run();
      } catch (error) {
        this.down(reasonOf(error));
      }
      await this.pause(RESTART_MS);
    }
  }

  /** Once, however often it is tried. */
  private down(reason: string): void {
    if (!this.isDown) this.parts.warn(`The queue of webhooks does not run now, and is tried again: ${reason}`);
    this.isDown = true;
  }

  private up(): void {
    if (this.isDown) this.parts.inform('The queue of webhooks runs again.');
    this.isDown = false;
  }

  private async run(): Promise<void> {
    const { pool, schemas, drains } = this.parts;
    const replicaId = uuid();
    const lockKey = advisoryKey('webhook-replica', `${schemas.webhooks}/${replicaId}`);
    // Before it is known to others, who would take it for dead.
    const lock = await takeSessionLock(pool, lockKey);
    if (lock === null) throw new Error('the lock of a new run is taken');
    try {
      const { workers, ids, broken } = this.work(replicaId);
      try {
        await pool.query(
          `insert into ${schemas.webhooks}.replicas (replica_id, lock_key, workers, started_at)
           values ($1, $2, $3, now())`,
          [replicaId, lockKey, ids],
        );
        this.up();
        await oneOf(this.stopping.signal, lock.lost, broken);
        if (!this.stopping.signal.aborted) this.down('a connection to the database was lost');
      } finally {
        await workers.gracefulShutdown();
        await drains.settled();
      }
      await pool.query(`delete from ${schemas.webhooks}.replicas where replica_id = $1`, [replicaId]);
    } finally {
      lock.release();
    }
  }

  private work(replicaId: string): { workers: WorkerPool; ids: readonly string[]; broken: AbortSignal } {
    const { pool, schemas, drains, warn } = this.parts;
    const events: WorkerEvents = new EventEmitter();
    const ids: string[] = [];
    const broken = new AbortController();
    events.on('worker:create', ({ worker }) => ids.push(worker.workerId));
    events.on('worker:fatalError', () => broken.abort());
    const options = {
      ...{ pgPool: pool, schema: schemas.queue, concurrency: CONCURRENCY, pollInterval: POLL_MS },
      ...{ noHandleSignals: true, events, logger: queueLogger(warn) },
    };
    const tasks = {
      [TASK]: (payload: unknown) =>
        drains.drain(endpointIdOf((payload as { endpointId: string }).endpointId), replicaId),
    };
    const workers = runTaskList(options, tasks, pool);
    // It ends with the run, which tells why.
    workers.promise.catch(() => undefined);
    return { workers, ids, broken: broken.signal };
  }

  private async buryDead(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.pause(LOOK_FOR_DEAD_MS);
      // What fails is tried again soon.
      await this.parts.pool.query(`select ${this.parts.schemas.webhooks}.bury_dead()`).catch(() => undefined);
    }
  }
}
