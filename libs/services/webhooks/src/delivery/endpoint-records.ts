import type { EndpointStatistics } from '@keyledger/contract';
import type pg from 'pg';
import { uuidOf } from './ids.js';

/** Of rows changed at a time, so that none is locked for long. */
const AT_ONCE = 500;

interface StatisticsRow {
  readonly last_success_at: Date | null;
  readonly last_failure_at: Date | null;
  readonly count: number;
  readonly oldest_age: number | null;
}

const standingOf = (row: StatisticsRow | undefined): Omit<EndpointStatistics, 'days'> => {
  if (row === undefined) throw new Error('A query for one row gave none.');
  const age = row.oldest_age;
  return {
    lastSuccessAt: row.last_success_at?.toISOString() ?? null,
    lastFailureAt: row.last_failure_at?.toISOString() ?? null,
    backlog: { count: row.count, oldestAgeSeconds: age === null ? null : Math.max(0, age) },
  };
};

const FIRST_UUID = '00000000-0000-0000-0000-000000000000';

interface Recovered {
  readonly created_at: string;
  readonly message_id: string;
}

/** What is known of the deliveries to one endpoint, and what sends some of them again. */
export class EndpointRecords {
  constructor(
    private readonly pool: pg.Pool,
    private readonly schema: string,
  ) {}

  /** Per day in UTC and outcome, the oldest day first. */
  async statistics(endpointId: string): Promise<EndpointStatistics> {
    const id = uuidOf(endpointId);
    const days = await this.pool.query<{ date: string; outcome: string; count: string }>(
      `select date::text, outcome, count::text from ${this.schema}.days where endpoint_id = $1 order by date, outcome`,
      [id],
    );
    const { rows } = await this.pool.query<StatisticsRow>(
      `select (select last_success_at from ${this.schema}.health where endpoint_id = $1),
         (select last_failure_at from ${this.schema}.health where endpoint_id = $1),
         count(*)::int, floor(extract(epoch from now() - min(created_at)))::float8 as oldest_age
       from ${this.schema}.deliveries where endpoint_id = $1 and state = 'pending'`,
      [id],
    );
    const counts = days.rows.map(({ date, outcome, count }) => ({ date, outcome, count: Number(count) }));
    return { days: counts, ...standingOf(rows[0]) };
  }

  /** What has failed, or was held, of messages from `since` until `now` is pending again. Answers with how many. */
  async recover(endpointId: string, since: string, now: Date): Promise<number> {
    let recovered = 0;
    let [time, messageId] = [since, FIRST_UUID];
    for (;;) {
      // Each is taken once, in their order: a delivery may have failed again, or be held again, meanwhile.
      const text = `with again as (
          update ${this.schema}.deliveries set state = 'pending', failures = 0, next_attempt_at = $3
          where (message_id, endpoint_id) in (
            select message_id, endpoint_id from ${this.schema}.deliveries
            where endpoint_id = $1 and (created_at, message_id) > ($2::timestamptz, $5::uuid) and created_at <= $3
              and state in ('failed', 'held')
            order by created_at, message_id limit $4)
          returning created_at, message_id
        ), woken as (select ${this.schema}.wake(array[$1::uuid]) from again limit 1)
        select created_at::text, message_id from again, woken order by created_at desc, message_id desc`;
      const values = [uuidOf(endpointId), time, now, AT_ONCE, messageId];
      const { rows } = await this.pool.query<Recovered>(text, values);
      recovered += rows.length;
      const last = rows[0];
      if (last === undefined || rows.length < AT_ONCE) return recovered;
      [time, messageId] = [last.created_at, last.message_id];
    }
  }
}
