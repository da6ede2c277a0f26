import type pg from 'pg';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const REFRESH_MS = 15_000;

interface BacklogRow {
  readonly count: number;
  readonly age: number;
}

/** How deliveries go. Attempts are those of this process; the backlog is that of all processes together. */
export class DeliveryMetrics {
  private readonly attempts: Counter<'outcome'>;
  private readonly delay: Histogram;
  private backlog: BacklogRow = { count: 0, age: 0 };
  private askedMs = -Infinity;
  private answered: Promise<void> = Promise.resolve();

  constructor(
    registry: Registry,
    private readonly pool: pg.Pool,
    private readonly schema: string,
  ) {
    const registers = [registry];
    this.attempts = new Counter({
      name: 'keyledger_webhook_attempts_total',
      help: 'Attempts of this process to deliver a message, by how they ended.',
      labelNames: ['outcome'],
      registers,
    });
    this.delay = new Histogram({
      name: 'keyledger_webhook_first_attempt_delay_seconds',
      help: 'From the moment that a message was accepted to the first attempt to deliver it.',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300],
      registers,
    });
    const refresh = (): Promise<void> => this.refresh();
    const measured = (): BacklogRow => this.backlog;
    new Gauge({
      name: 'keyledger_webhook_backlog',
      help: 'Deliveries whose time has come and that are not delivered, of all processes.',
      registers,
      async collect() {
        await refresh();
        this.set(measured().count);
      },
    });
    new Gauge({
      name: 'keyledger_webhook_backlog_age_seconds',
      help: 'How long the oldest of them has been due; 0 where there is none.',
      registers,
      async collect() {
        await refresh();
        this.set(measured().age);
      },
    });
  }

  attempted(outcome: string): void {
    this.attempts.inc({ outcome });
  }

  firstAttempt(delayMs: number): void {
    this.delay.observe(Math.max(0, delayMs) / 1000);
  }

  /** Asked at most every quarter of a minute, however many scrape: who comes meanwhile waits for the same answer. */
  private refresh(): Promise<void> {
    if (performance.now() - this.askedMs >= REFRESH_MS) {
      this.askedMs = performance.now();
      this.answered = this.ask();
    }
    return this.answered;
  }

  /** A database that does not answer changes nothing. */
  private async ask(): Promise<void> {
    const text = `select count(*)::int as count,
        coalesce(extract(epoch from now() - min(next_attempt_at)), 0)::float8 as age
      from ${this.schema}.deliveries where state = 'pending' and next_attempt_at <= now()`;
    await this.pool.query<BacklogRow>(text).then(
      ({ rows }) => void (this.backlog = rows[0] ?? this.backlog),
      () => undefined,
    );
  }
}
