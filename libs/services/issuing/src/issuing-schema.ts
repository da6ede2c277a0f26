import type { Pool } from 'pg';

/** The tables of this slice beside those of the keyring: caches, short memories, and which log they belong to. */
const tables = (schema: string): string => `
  create schema if not exists ${schema};
  create table if not exists ${schema}.snapshots (
    stream_id text primary key, log_id text not null, revision bigint not null,
    position text not null, event_id uuid not null, state bytea not null);
  create table if not exists ${schema}.prepared_commands (
    key_hash bytea primary key, body_hash bytea not null, command_id uuid not null, credential_id text,
    prepared jsonb not null, sealed bytea, created_at timestamptz not null default now());
  create table if not exists ${schema}.logs (
    log_id text primary key, state text not null check (state in ('current', 'copy', 'left')));
  create index if not exists prepared_commands_created_at on ${schema}.prepared_commands (created_at);
  create index if not exists prepared_commands_credential on ${schema}.prepared_commands (credential_id);`;

/** Creates what is missing. The lock lets several processes start at once on an empty database. */
export const prepareIssuingSchema = async (pool: Pool, schema: string): Promise<void> => {
  const lock = `select pg_advisory_xact_lock(hashtextextended('keyledger issuing ${schema}', 0));`;
  await pool.query(`begin; ${lock} ${tables(schema)} commit;`);
};
