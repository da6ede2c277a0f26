import { Group } from '@keyledger/postgres';
import type pg from 'pg';
import { UNHURRIED } from './functions.js';
import { endpointIdOf, messageIdOf, uuidOf } from './ids.js';

/** One message on its way to one endpoint. */
export interface DueDelivery {
  readonly messageId: string;
  readonly endpointId: string;
  /** Attempts that have failed since somebody asked for it. */
  readonly failures: number;
  /** Whether it was never attempted. */
  readonly isFirst: boolean;
  readonly type: string;
  readonly source: string;
  readonly payload: Buffer;
  /** When it was accepted, as long as nobody has asked for it again. */
  readonly dueAt: Date;
}

/** How an attempt went, and what comes of the delivery. */
export interface AttemptResult {
  readonly messageId: string;
  readonly endpointId: string;
  readonly at: Date;
  readonly durationMs: number;
  /** `delivered`, or why not. */
  readonly outcome: string;
  readonly status: number | null;
  /** The first KiB of the answer. */
  readonly answer: string;
  readonly delivered: boolean;
  /** Null where there is no other attempt. */
  readonly nextAttemptAt: Date | null;
  /** Of the endpoint, as it was known then. */
  readonly seenRevision: number;
}

interface DueRow {
  readonly message_id: string;
  readonly endpoint_id: string;
  readonly attempts: number;
  readonly failures: number;
  readonly type: string;
  readonly source: string;
  readonly payload: Buffer;
  readonly next_attempt_at: Date;
}

const MOST_TOGETHER = 500;

/** Outcomes that say nothing about the receiver. */
export const OURS: ReadonlySet<string> = new Set(['no-secret', 'account-suspended', 'proxy-failed']);

/**
 * Longer than an attempt ever waits for the next one. What failed before such a gap says nothing about what fails now,
 * nor does what failed before the endpoint was changed or enabled.
 */
const GAP = `interval '30 hours'`;

/** Of an endpoint that has failed since then without a success. */
export type FailingSince = Date | null;

const recordQuery = (schema: string): string => `
  with given as (
    select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::int[], $5::text[], $6::int[], $7::text[],
      $8::bool[], $9::timestamptz[], $11::bigint[])
      as given (message_id, endpoint_id, at, duration_ms, outcome, status, answer, delivered, next_at, revision)
  ), attempted as (
    update ${schema}.deliveries as known set
      attempts = known.attempts + 1, failures = known.failures + 1, last_attempt_at = at,
      last_outcome = outcome, last_status = status,
      first_failed_at = case when delivered then first_failed_at else coalesce(first_failed_at, at) end,
      state = case when delivered then 'delivered' when state <> 'pending' then state
        when next_at is null then 'failed' else 'pending' end,
      next_attempt_at = case when delivered or state <> 'pending' then null else next_at end
    from given where known.message_id = given.message_id and known.endpoint_id = given.endpoint_id
    returning known.message_id, known.endpoint_id, known.attempts, at, duration_ms, outcome, given.status, answer
  ), counted as (
    insert into ${schema}.days as known (endpoint_id, date, outcome, count)
    select endpoint_id, at::date, outcome, count(*) from given group by 1, 2, 3 order by 1, 2, 3
    on conflict (endpoint_id, date, outcome) do update set count = known.count + excluded.count
  ), judged as (
    insert into ${schema}.health as known (endpoint_id, last_success_at, last_failure_at, failing_since, revision)
    select endpoint_id, max(at) filter (where delivered), max(at) filter (where not delivered),
      case when bool_or(delivered) then null else min(at) end, max(revision)
    from given where not (outcome = any($10)) group by endpoint_id order by endpoint_id
    on conflict (endpoint_id) do update set
      last_success_at = greatest(known.last_success_at, excluded.last_success_at),
      last_failure_at = greatest(known.last_failure_at, excluded.last_failure_at),
      failing_since = case when excluded.last_success_at is not null then null
        when known.revision <> excluded.revision or known.last_failure_at < excluded.failing_since - ${GAP}
          then excluded.failing_since
        else coalesce(known.failing_since, excluded.failing_since) end,
      revision = excluded.revision
  )
  insert into ${schema}.attempts (message_id, endpoint_id, number, at, duration_ms, outcome, status, answer)
  select * from attempted`;

interface Aside {
  readonly delivery: DueDelivery;
  readonly until: Date;
}

type Key = Pick<DueDelivery, 'messageId' | 'endpointId'>;

/** All that changes deliveries changes them in this order, so that no two wait for each other. */
const inOrder = (a: Key, b: Key): number => compare(a.messageId, b.messageId) || compare(a.endpointId, b.endpointId);

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Deliveries as the drains of endpoints need them. What they learn at the same time shares a commit. */
export class DeliveryStore {
  private readonly results = new Group<AttemptResult>((results) => this.write(results), MOST_TOGETHER);
  private readonly aside = new Group<Aside>((some) => this.writeAside(some), MOST_TOGETHER);

  constructor(
    private readonly pool: pg.Pool,
    private readonly schema: string,
  ) {}

  /** The account of the endpoint, which is this drainer's until it is released; undefined if another one is at it. */
  async claim(endpointId: string, drainer: string): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ account_id: string }>({
      name: `claim-endpoint-${this.schema}`,
      text: `update ${this.schema}.endpoints set owner = $2 where endpoint_id = $1 and owner is null
        returning account_id, ${UNHURRIED}`,
      values: [uuidOf(endpointId), drainer],
    });
    return rows.map(({ account_id: uuid }) => `acct_${uuid}`)[0];
  }

  /** Has a drain look at these. One that is not told looks by itself when something is due. */
  wakeSoon(endpointIds: readonly string[]): void {
    if (endpointIds.length > 0) this.wake(endpointIds).catch(() => undefined);
  }

  /** Ends a drain, and asks for another job at the time that something is due, at the earliest at `earliest`. */
  async release(endpointId: string, drainer: string, earliest: Date): Promise<void> {
    await this.pool.query({
      name: `release-endpoint-${this.schema}`,
      text: `select ${this.schema}.release($1, $2, $3)`,
      values: [uuidOf(endpointId), drainer, earliest],
    });
  }

  /** What is due, the longest first: so much at the most that was never attempted, and that is to be tried again. */
  async due(
    endpointId: string,
    now: Date,
    { first, again }: { readonly first: number; readonly again: number },
  ): Promise<readonly DueDelivery[]> {
    const some = (condition: string, limit: string): string => `(
      select message_id, endpoint_id, attempts, failures, next_attempt_at from ${this.schema}.deliveries
      where endpoint_id = $1 and state = 'pending' and (failures > 0) = ${condition} and next_attempt_at <= $2
      order by next_attempt_at limit ${limit})`;
    const { rows } = await this.pool.query<DueRow>({
      name: `due-deliveries-${this.schema}`,
      text: `select message_id, endpoint_id, attempts, failures, next_attempt_at, type, source, payload
        from (${some('false', '$3')} union all ${some('true', '$4')}) delivery
        join ${this.schema}.messages message using (message_id) order by next_attempt_at`,
      values: [uuidOf(endpointId), now, first, again],
    });
    return rows.map((row) => ({
      messageId: messageIdOf(row.message_id),
      endpointId: endpointIdOf(row.endpoint_id),
      failures: row.failures,
      isFirst: row.attempts === 0,
      type: row.type,
      source: row.source,
      payload: row.payload,
      dueAt: row.next_attempt_at,
    }));
  }

  /** It is not due before then, unless its attempt fails or somebody asks for it meanwhile. */
  async putAside(delivery: DueDelivery, until: Date): Promise<void> {
    await this.aside.add({ delivery, until });
  }

  /** It is due now, and others are told. */
  async giveBack(delivery: DueDelivery): Promise<void> {
    await this.putAside(delivery, new Date());
    await this.wake([delivery.endpointId]);
  }

  /** Keeps how an attempt went. Once this resolves it is durable. */
  async record(result: AttemptResult): Promise<void> {
    await this.results.add(result);
  }

  /** What is pending for the endpoint will not be sent: never (`cancelled`), or not until somebody asks (`held`). */
  async settle(endpointId: string, state: 'cancelled' | 'held'): Promise<void> {
    const from = state === 'cancelled' ? ['pending', 'held'] : ['pending'];
    for (;;) {
      const { rowCount } = await this.pool.query(
        `update ${this.schema}.deliveries set state = $2, next_attempt_at = null
         where (message_id, endpoint_id) in (
           select message_id, endpoint_id from ${this.schema}.deliveries
           where endpoint_id = $1 and state = any($3) limit $4 for update skip locked)`,
        [uuidOf(endpointId), state, from, MOST_TOGETHER],
      );
      if ((rowCount ?? 0) < MOST_TOGETHER) return;
    }
  }

  async failingSince(endpointId: string): Promise<FailingSince> {
    const { rows } = await this.pool.query<{ failing_since: FailingSince }>(
      `select failing_since from ${this.schema}.health where endpoint_id = $1`,
      [uuidOf(endpointId)],
    );
    return rows[0]?.failing_since ?? null;
  }

  private async wake(endpointIds: readonly string[]): Promise<void> {
    await this.pool.query(`select ${this.schema}.wake($1)`, [endpointIds.map(uuidOf)]);
  }

  private async writeAside(some: readonly Aside[]): Promise<ReadonlySet<Aside>> {
    const sorted = some.toSorted((a, b) => inOrder(a.delivery, b.delivery));
    // An attempt whose result is kept already has said itself when the next one is.
    await this.pool.query({
      name: `put-aside-${this.schema}`,
      text: `update ${this.schema}.deliveries as known set next_attempt_at = given.until
        from unnest($1::uuid[], $2::uuid[], $3::int[], $4::timestamptz[])
          as given (message_id, endpoint_id, failures, until)
        where known.message_id = given.message_id and known.endpoint_id = given.endpoint_id
          and known.failures = given.failures and known.state = 'pending'
        returning ${UNHURRIED}`,
      values: [
        sorted.map(({ delivery }) => uuidOf(delivery.messageId)),
        sorted.map(({ delivery }) => uuidOf(delivery.endpointId)),
        sorted.map(({ delivery }) => delivery.failures),
        sorted.map(({ until }) => until.toISOString()),
      ],
    });
    return new Set(some);
  }

  private async write(given: readonly AttemptResult[]): Promise<ReadonlySet<AttemptResult>> {
    const results = given.toSorted(inOrder);
    await this.pool.query({
      name: `record-attempts-${this.schema}`,
      text: recordQuery(this.schema),
      values: [
        results.map(({ messageId }) => uuidOf(messageId)),
        results.map(({ endpointId }) => uuidOf(endpointId)),
        results.map(({ at }) => at.toISOString()),
        results.map(({ durationMs }) => Math.round(durationMs)),
        results.map(({ outcome }) => outcome),
        results.map(({ status }) => status),
        results.map(({ answer }) => answer),
        results.map(({ delivered }) => delivered),
        results.map((result) => result.nextAttemptAt?.toISOString() ?? null),
        [...OURS],
        results.map(({ seenRevision }) => seenRevision),
      ],
    });
    return new Set(results);
  }
}
