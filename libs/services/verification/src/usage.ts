import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { UsageTables } from '@keyledger/edge';
import { reasonOf } from '@keyledger/postgres';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';
import { UseCounter } from './use-counter.js';
import type { VerifiedFacts } from './verifier.js';

/** So many credentials take some 60 MB, until the database answers again. */
const MOST_CREDENTIALS = 250_000;
/** In one statement, so that making it keeps no request waiting for long. */
const CREDENTIALS_AT_ONCE = 1_000;
const LAST_FLUSH_MS = 2_000;

type Batch = Parameters<UsageTables['add']>[0];

interface Parts {
  readonly tables: Pick<UsageTables, 'add'>;
  readonly intervalSeconds: number;
  readonly registry: Registry;
}

/**
 * Counts verdicts in memory and stores them every few seconds. Each batch has a number, and is repeated under it until
 * the database has said that it has it: so it is added once, however unclear the outcome of an attempt was.
 */
export class Usage implements OnApplicationShutdown {
  private readonly logger = new Logger('usage');
  private readonly counter = new UseCounter(MOST_CREDENTIALS);
  private readonly replicaId = randomUUID();
  private readonly dropped: Counter;
  private lastNumber = 0;
  /** Not known to be stored yet. */
  private pending: Batch | undefined;
  private flushing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isFailing = false;
  private stopped = false;

  constructor(private readonly parts: Parts) {
    const registers = [parts.registry];
    this.dropped = new Counter({
      name: 'keyledger_usage_dropped_total',
      help: 'Verdicts that were not counted, because the database took none for too long.',
      registers,
    });
    const isFailing = (): boolean => this.isFailing;
    new Gauge({
      name: 'keyledger_usage_failing',
      help: '1 while what was counted of uses cannot be stored, else 0.',
      registers,
      collect() {
        this.set(isFailing() ? 1 : 0);
      },
    });
    this.schedule();
  }

  /** Counts a verdict that says whose credential it is about. */
  count(facts: VerifiedFacts, code: string): void {
    if (!this.counter.count(facts, code, Date.now())) this.dropped.inc();
  }

  /** Stores what is counted by now. Where that fails it is kept, and is stored with what comes then. */
  flush(): Promise<void> {
    this.flushing ??= this.store().finally(() => {
      this.flushing = undefined;
    });
    return this.flushing;
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    // One under way may have begun before the last verdict.
    const all = (this.flushing ?? Promise.resolve()).then(() => this.flush());
    const stopped = new AbortController();
    await Promise.race([all, sleep(LAST_FLUSH_MS, undefined, { signal: stopped.signal })]);
    stopped.abort();
  }

  private async store(): Promise<void> {
    let left = this.counter.size;
    try {
      while (this.pending !== undefined || left > 0) {
        if (this.pending === undefined) {
          left -= CREDENTIALS_AT_ONCE;
          this.lastNumber += 1;
          const uses = this.counter.take(CREDENTIALS_AT_ONCE);
          this.pending = { replicaId: this.replicaId, number: this.lastNumber, uses };
        }
        await this.parts.tables.add(this.pending);
        this.pending = undefined;
      }
      if (this.isFailing) this.logger.log('Uses are stored again.');
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) this.logger.warn(`Uses cannot be stored now, and are kept in memory: ${reasonOf(error)}`);
      this.isFailing = true;
    }
  }

  /** With jitter, so that several processes do not all come at once. */
  private schedule(): void {
    const delayMs = this.parts.intervalSeconds * 1_000 * (0.75 + Math.random() / 4);
    this.timer = setTimeout(() => {
      void this.flush().then(() => {
        if (!this.stopped) this.schedule();
      });
    }, delayMs);
    this.timer.unref();
  }
}
