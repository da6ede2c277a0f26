import { toId } from '@keyledger/domain';
import { advisoryKey, inLockedTransaction } from '@keyledger/postgres';
import type pg from 'pg';
import { schemaName, type Config } from '../settings/config.js';

/** Verdicts of one UTC day on one version of a credential. */
export interface CountedUse {
  readonly accountId: string;
  readonly credentialId: string;
  readonly version: number;
  /** As YYYY-MM-DD. */
  readonly date: string;
  /** Of the last one that was VALID; null where none was. */
  readonly lastUsedAt: Date | null;
  readonly counts: readonly (readonly [code: string, count: number])[];
}

/** What one process has counted. A batch has a number, counting up, so that it is taken once however often it comes. */
export interface UsageBatch {
  /** UUID of the process; a start makes a new one. */
  readonly replicaId: string;
  readonly number: number;
  readonly uses: readonly CountedUse[];
}

/** When each version of a credential was last used, by its number, as ISO 8601 in UTC. */
export type LastUses = ReadonlyMap<number, string>;

export interface DayCount {
  readonly date: string;
  readonly code: string;
  readonly count: number;
}

/** A credential that something is kept of. */
interface CountedCredential {
  readonly accountId: string;
  readonly credentialId: string;
}

const DEADLINE_MS = 60_000;
const ROWS_AT_ONCE = 5_000;
/** No process tries so long to bring a batch that it does not know the outcome of. */
const REPLICA_DAYS = 30;

const uuidOf = (id: string): string => id.slice(id.indexOf('_') + 1);

/**
 * Ids are kept as UUIDs, which are less than half as long. Days are swept by date, so that they have an index for it.
 * Counts are changed in place, without touching an index, as long as there is room on the page.
 */
const ddl = (schema: string): string => `
  create schema if not exists ${schema};
  create table if not exists ${schema}.replicas (
    replica_id uuid primary key,
    batch bigint not null,
    flushed_at timestamptz not null
  );
  create table if not exists ${schema}.versions (
    credential_id uuid,
    version int,
    account_id uuid not null,
    last_used_at timestamptz,
    counted_at timestamptz not null,
    primary key (credential_id, version)
  ) with (fillfactor = 80);
  create table if not exists ${schema}.days (
    credential_id uuid,
    date date,
    code text collate "C",
    count bigint not null,
    primary key (credential_id, date, code)
  ) with (fillfactor = 80);
  create index if not exists days_by_date on ${schema}.days (date);
`;

/** In the order of the keys, so that two replicas never wait for each other. */
const addQuery = (schema: string): string => `
  with taken as (
    insert into ${schema}.replicas as known (replica_id, batch, flushed_at) values ($1, $2, now())
    on conflict (replica_id) do update set batch = excluded.batch, flushed_at = excluded.flushed_at
      where known.batch < excluded.batch
    returning batch
  ), used as (
    insert into ${schema}.versions as known (credential_id, version, account_id, last_used_at, counted_at)
    select credential_id, version, account_id, max(last_used_at), now()
    from unnest($3::uuid[], $4::int[], $5::uuid[], $6::timestamptz[])
      as given (credential_id, version, account_id, last_used_at), taken
    group by credential_id, version, account_id order by credential_id, version
    on conflict (credential_id, version) do update
      set last_used_at = greatest(known.last_used_at, excluded.last_used_at), counted_at = excluded.counted_at
  )
  insert into ${schema}.days as known (credential_id, date, code, count)
  select credential_id, date, code, sum(count)
  from unnest($7::uuid[], $8::date[], $9::text[], $10::bigint[]) as given (credential_id, date, code, count), taken
  group by credential_id, date, code order by credential_id, date, code
  on conflict (credential_id, date, code) do update set count = known.count + excluded.count`;

/**
 * How credentials were used. It comes from verifiers, not from the log: no rebuild brings it back, or touches it.
 * Verifiers write it, and what shows credentials reads it.
 */
export class UsageTables {
  private constructor(
    private readonly pool: pg.Pool,
    private readonly schema: string,
  ) {}

  /** Creates the tables if they are not there. Safe when several processes do it at once. */
  static async open(pool: pg.Pool, config: Pick<Config, 'streamPrefix'>): Promise<UsageTables> {
    const schema = schemaName(config, 'usage');
    const text = 'select to_regclass($1) is not null as present';
    const { rows } = await pool.query<{ present: boolean }>(text, [`${schema}.days_by_date`]);
    if (rows[0]?.present !== true) {
      const key = advisoryKey('usage', schema);
      await inLockedTransaction(pool, DEADLINE_MS, key, (client) => client.query(ddl(schema)));
    }
    return new UsageTables(pool, schema);
  }

  /** Adds what was counted, all of it or nothing; a batch that is there already changes nothing. */
  async add({ replicaId, number, uses }: UsageBatch): Promise<void> {
    const days = uses.flatMap(({ credentialId, date, counts }) =>
      counts.map(([code, count]) => ({ credentialId: uuidOf(credentialId), date, code, count })),
    );
    await this.pool.query({
      name: `add-usage-${this.schema}`,
      text: addQuery(this.schema),
      values: [
        ...[replicaId, number],
        uses.map(({ credentialId }) => uuidOf(credentialId)),
        uses.map(({ version }) => version),
        uses.map(({ accountId }) => uuidOf(accountId)),
        uses.map(({ lastUsedAt }) => lastUsedAt?.toISOString() ?? null),
        days.map(({ credentialId }) => credentialId),
        days.map(({ date }) => date),
        days.map(({ code }) => code),
        days.map(({ count }) => count),
      ],
    });
  }

  /** Of these credentials, those that were used. */
  async lastUses(credentialIds: readonly string[]): Promise<ReadonlyMap<string, LastUses>> {
    if (credentialIds.length === 0) return new Map();
    // One text is read several times as fast as so many rows are.
    const { rows } = await this.pool.query<{ uses: string | null }>({
      name: `last-uses-${this.schema}`,
      text: `select json_agg(json_build_array(credential_id, version,
          (extract(epoch from last_used_at) * 1000)::bigint))::text as uses
        from ${this.schema}.versions where credential_id = any($1::uuid[]) and last_used_at is not null`,
      values: [credentialIds.map(uuidOf)],
    });
    const found = new Map<string, Map<number, string>>();
    for (const [uuid, version, atMs] of JSON.parse(rows[0]?.uses ?? '[]') as readonly [string, number, number][]) {
      const id = toId('credentialId', uuid);
      const uses = found.get(id) ?? new Map<number, string>();
      found.set(id, uses.set(version, new Date(atMs).toISOString()));
    }
    return found;
  }

  /** Verdicts on the credential by day and code, the oldest day first, from `since` (YYYY-MM-DD) on. */
  async days(credentialId: string, since: string): Promise<readonly DayCount[]> {
    const { rows } = await this.pool.query<{ date: string; code: string; count: string }>(
      `select date::text, code, count::text from ${this.schema}.days where credential_id = $1 and date >= $2::date
       order by date, code`,
      [uuidOf(credentialId), since],
    );
    return rows.map(({ date, code, count }) => ({ date, code, count: Number(count) }));
  }

  /** Every version that was counted last at least `ageMs` ago, in pages: the credential of each. */
  async *countedBefore(ageMs: number, pageSize: number): AsyncIterable<readonly CountedCredential[]> {
    let after: readonly [string, number] = ['00000000-0000-0000-0000-000000000000', 0];
    for (;;) {
      const { rows } = await this.pool.query<{ account_id: string; credential_id: string; version: number }>(
        `select account_id, credential_id, version from ${this.schema}.versions
         where (credential_id, version) > ($1, $2) and counted_at <= now() - make_interval(secs => $3::float8 / 1000)
         order by credential_id, version limit $4`,
        [...after, ageMs, pageSize],
      );
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows.map(({ account_id: account, credential_id: credential }) => ({
        accountId: toId('accountId', account),
        credentialId: toId('credentialId', credential),
      }));
      after = [last.credential_id, last.version];
    }
  }

  /** Forgets all that was counted of these. */
  async forget(credentialIds: readonly string[]): Promise<void> {
    const uuids = credentialIds.map(uuidOf);
    await this.deleteDays('credential_id = any($1::uuid[])', uuids);
    await this.pool.query(`delete from ${this.schema}.versions where credential_id = any($1::uuid[])`, [uuids]);
  }

  /** Forgets counts of more than `days` ago, and processes that are long gone. */
  async forgetOlderThan(days: number): Promise<void> {
    await this.deleteDays("date < (now() at time zone 'UTC')::date - $1::int", days);
    const gone = `flushed_at < now() - make_interval(days => ${REPLICA_DAYS})`;
    await this.pool.query(`delete from ${this.schema}.replicas where ${gone}`);
  }

  /** In bounded steps, so that none holds its rows for long. */
  private async deleteDays(condition: string, value: unknown): Promise<void> {
    const table = `${this.schema}.days`;
    for (;;) {
      const { rowCount } = await this.pool.query(
        `delete from ${table} where ctid = any(array(select ctid from ${table} where ${condition} limit $2))`,
        [value, ROWS_AT_ONCE],
      );
      if ((rowCount ?? 0) < ROWS_AT_ONCE) return;
    }
  }
}
