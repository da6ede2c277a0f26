import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

const PERIOD_MS = 10 * 60_000;
const AT_ONCE = 1_000;
/** A repeat of a keyed request is known for so long. */
const REQUEST_HOURS = 24;

interface Parts {
  readonly pool: pg.Pool;
  readonly schema: string;
  readonly days: number;
  readonly warn: (line: string) => void;
}

/** Forgets what is older than the retention, and looks after deliveries that have no job. */
export class Retention {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: Parts) {}

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** In batches, so that none holds its rows for long. */
  async sweep(): Promise<void> {
    const { schema, days } = this.parts;
    const old = `now() - make_interval(days => ${days})`;
    const messages = `select message_id from ${schema}.messages where created_at < ${old} limit ${AT_ONCE}`;
    await this.repeat(`with gone as (delete from ${schema}.messages where message_id in (${messages})
        returning message_id),
      without_attempts as (delete from ${schema}.attempts where message_id in (select message_id from gone)),
      without_deliveries as (delete from ${schema}.deliveries where message_id in (select message_id from gone))
      select from gone`);
    const requests = `select key_hash from ${schema}.requests
      where created_at < now() - make_interval(hours => ${REQUEST_HOURS}) limit ${AT_ONCE}`;
    await this.repeat(`delete from ${schema}.requests where key_hash in (${requests})`);
    const counts = `select ctid from ${schema}.days where date < (${old})::date limit ${AT_ONCE}`;
    await this.repeat(`delete from ${schema}.days where ctid = any(array(${counts}))`);
  }

  /** Asks for jobs for all that is due and drained by nobody: a job may be lost with the schema of the queue. */
  async wakeAll(): Promise<void> {
    const { pool, schema } = this.parts;
    // From one endpoint to the next by the index, so that a long backlog costs no more than a short one.
    await pool.query(`with recursive waiting as (
        (select endpoint_id from ${schema}.deliveries where state = 'pending' order by endpoint_id limit 1)
        union all
        select (select endpoint_id from ${schema}.deliveries
          where state = 'pending' and endpoint_id > waiting.endpoint_id order by endpoint_id limit 1)
        from waiting where waiting.endpoint_id is not null
      ) select ${schema}.wake(array(select endpoint_id from waiting where endpoint_id is not null and exists (
          select from ${schema}.deliveries due
          where due.endpoint_id = waiting.endpoint_id and state = 'pending' and next_attempt_at <= now())))`);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.attempt('Webhooks that wait could not be looked for', () => this.wakeAll());
      await this.attempt('Old messages of webhooks could not be deleted', () => this.sweep());
      // With jitter, so that several processes do not all come at once.
      await sleep(PERIOD_MS * (0.75 + Math.random() / 2), undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async attempt(failed: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      this.parts.warn(
        `${failed}. It is tried again later: ${error instanceof Error ? error.message : 'unknown error'}`,
      );
    }
  }

  private async repeat(text: string): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const { rowCount } = await this.parts.pool.query(text);
      if ((rowCount ?? 0) < AT_ONCE) return;
    }
  }
}
