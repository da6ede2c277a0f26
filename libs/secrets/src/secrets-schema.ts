import { advisoryKey, inLockedTransaction } from '@keyledger/postgres';
import type { Pool, PoolClient } from 'pg';

/** Names the schema of a part of this installation. */
export type SchemaOf = (part: string) => string;

const SCHEMA_PATTERN = /^[a-z_][a-z0-9_]{0,62}$/;
const DEADLINE_MS = 60_000;

const TABLES = {
  key_checks: `
    version     integer     primary key,
    check_value bytea       not null,
    created_at  timestamptz not null default now()`,
  peppers: `
    version     integer     primary key,
    sealed      bytea       not null,
    created_at  timestamptz not null default now()`,
  retained_secrets: `
    account_id    text        not null,
    credential_id text        not null,
    part          text        not null,
    reference     text        not null,
    sealed        bytea       not null,
    created_at    timestamptz not null default now(),
    primary key (account_id, credential_id, part, reference)`,
  logs: `
    log_id text primary key,
    state  text not null check (state in ('current', 'copy', 'left'))`,
};

/** What came after the tables of the first release. */
const later = (schema: string): string => `
  alter table ${tableIn(schema, 'logs')} add column if not exists head text;
  create index if not exists retained_secrets_created_at on ${tableIn(schema, 'retained_secrets')} (created_at);`;

type Table = keyof typeof TABLES;

const TABLE_NAMES = Object.keys(TABLES) as Table[];

/** The qualified, quoted name of a table. Throws RangeError for a schema that would need escaping. */
export const tableIn = (schema: string, table: Table): string => {
  if (!SCHEMA_PATTERN.test(schema)) throw new RangeError(`"${schema}" is no name for a schema of Keyledger.`);
  return `"${schema}".${table}`;
};

const tablesIn = async (client: PoolClient, schema: string): Promise<readonly Table[]> => {
  const text = `select relname as name from pg_class join pg_namespace n on n.oid = relnamespace
    where nspname = $1 and relname = any($2) and relkind = 'r'`;
  const { rows } = await client.query<{ name: Table }>(text, [schema, TABLE_NAMES]);
  return rows.map(({ name }) => name);
};

/**
 * Older releases kept the tables in the schema of issuing. Views stay there, through which a process of such a release
 * goes on with the same rows: it would else make tables and a pepper of its own.
 */
const moveFrom = async (client: PoolClient, former: string, schema: string): Promise<void> => {
  const found = await tablesIn(client, schema);
  for (const table of await tablesIn(client, former)) {
    const [old, moved] = [tableIn(former, table), tableIn(schema, table)];
    if (found.includes(table)) {
      throw new Error(`Both ${old} and ${moved} are there: rename the schema of the one that does not fit the log.`);
    }
    await client.query(`alter table ${old} set schema "${schema}"; create view ${old} as select * from ${moved}`);
  }
};

/**
 * Creates what is missing, and runs `work` in the same transaction. The lock lets several processes start at once. What
 * `work` throws leaves everything as it was.
 */
export const withSecretsSchema = <T>(
  pool: Pool,
  schemaOf: SchemaOf,
  work: (client: PoolClient, schema: string) => Promise<T>,
): Promise<T> => {
  const schema = schemaOf('secrets');
  const tables = TABLE_NAMES.map((name) => `create table if not exists ${tableIn(schema, name)} (${TABLES[name]});`);
  return inLockedTransaction(pool, DEADLINE_MS, advisoryKey('secrets', schema), async (client) => {
    await client.query(`create schema if not exists "${schema}"`);
    await moveFrom(client, schemaOf('issuing'), schema);
    await client.query([...tables, later(schema)].join('\n'));
    return work(client, schema);
  });
};
