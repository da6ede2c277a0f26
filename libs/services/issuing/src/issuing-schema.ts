import { advisoryKey, inLockedTransaction } from '@keyledger/postgres';
import type { Pool } from 'pg';

const DEADLINE_MS = 60_000;

/** The tables of this slice: caches and short memories. */
const tables = (schema: string): string => `
  create schema if not exists ${schema};
  create table if not exists ${schema}.snapshots (
    stream_id text primary key, log_id text not null, revision bigint not null,
    position text not null, event_id uuid not null, state bytea not null);
  create table if not exists ${schema}.prepared_commands (
    key_hash bytea primary key, body_hash bytea not null, command_id uuid not null, credential_id text,
    prepared jsonb not null, sealed bytea, created_at timestamptz not null default now());
  create index if not exists prepared_commands_created_at on ${schema}.prepared_commands (created_at);
  create index if not exists prepared_commands_credential on ${schema}.prepared_commands (credential_id);`;

/** Creates what is missing. The lock lets several processes start at once on an empty database. */
export const prepareIssuingSchema = async (pool: Pool, schema: string): Promise<void> => {
  const key = advisoryKey('issuing', schema);
  await inLockedTransaction(pool, DEADLINE_MS, key, (client) => client.query(tables(schema)));
};
