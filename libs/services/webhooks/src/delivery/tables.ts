import { schemaName, type Config } from '@keyledger/edge';
import { advisoryKey, inLockedTransaction } from '@keyledger/postgres';
import { runMigrations } from 'graphile-worker';
import type pg from 'pg';
import { functions, type Schemas } from './functions.js';
import { queueLogger } from './queue-logger.js';

export const schemasOf = (config: Pick<Config, 'streamPrefix'>): Schemas => ({
  webhooks: schemaName(config, 'webhooks'),
  queue: schemaName(config, 'webhook_queue'),
});

const DEADLINE_MS = 60_000;
/** Of the tables below. A change adds statements that bring older ones up to date. */
const VERSION = 2;

/**
 * What is pending has indexes of its own: what was delivered, and what waits for another endpoint, is never looked at.
 * Health and counts are apart from `endpoints`, whose rows are locked by whoever accepts a message.
 */
const tables = (schema: string): string => `
  create schema if not exists ${schema};
  create table if not exists ${schema}.version (version int not null);
  create table if not exists ${schema}.messages (
    message_id uuid primary key, account_id uuid not null, type text collate "C" not null, source text not null,
    payload bytea not null, created_at timestamptz not null);
  create index if not exists messages_of_account on ${schema}.messages (account_id, created_at, message_id);
  create index if not exists messages_by_age on ${schema}.messages (created_at);
  create table if not exists ${schema}.deliveries (
    message_id uuid, endpoint_id uuid, account_id uuid not null, state text not null, attempts int not null default 0,
    failures int not null default 0, created_at timestamptz not null, next_attempt_at timestamptz,
    first_failed_at timestamptz, last_attempt_at timestamptz, last_outcome text, last_status int,
    primary key (message_id, endpoint_id)
  ) with (fillfactor = 80);
  drop index if exists ${schema}.deliveries_pending;
  create index if not exists deliveries_due on ${schema}.deliveries (endpoint_id, (failures > 0), next_attempt_at)
    where state = 'pending';
  create index if not exists deliveries_of_endpoint on ${schema}.deliveries (endpoint_id, created_at, message_id);
  create table if not exists ${schema}.attempts (
    message_id uuid, endpoint_id uuid, number int, at timestamptz not null, duration_ms int not null,
    outcome text not null, status int, answer text not null,
    primary key (message_id, endpoint_id, number));
  create table if not exists ${schema}.endpoints (
    endpoint_id uuid primary key, account_id uuid not null, owner uuid) with (fillfactor = 80);
  create index if not exists endpoints_owned on ${schema}.endpoints (owner) where owner is not null;
  create table if not exists ${schema}.health (
    endpoint_id uuid primary key, last_success_at timestamptz, last_failure_at timestamptz, failing_since timestamptz,
    revision bigint not null
  ) with (fillfactor = 50);
  create table if not exists ${schema}.days (
    endpoint_id uuid, date date, outcome text collate "C", count bigint not null,
    primary key (endpoint_id, date, outcome)) with (fillfactor = 50);
  create index if not exists days_by_date on ${schema}.days (date);
  create table if not exists ${schema}.requests (
    key_hash bytea primary key, body_hash bytea not null, message_id uuid not null, position text not null,
    created_at timestamptz not null);
  create index if not exists requests_by_age on ${schema}.requests (created_at);
  create table if not exists ${schema}.replicas (
    replica_id uuid primary key, lock_key bigint not null, workers text[] not null, started_at timestamptz not null);
`;

/** Creates what is missing of both. Safe when several processes do it at once. */
export const prepareSchemas = async (pool: pg.Pool, { webhooks, queue }: Schemas): Promise<void> => {
  const found = await pool.query<{ present: boolean }>('select to_regclass($1) is not null as present', [
    `${webhooks}.version`,
  ]);
  if (found.rows[0]?.present === true) {
    const { rows } = await pool.query<{ version: number }>(`select version from ${webhooks}.version`);
    if (rows[0]?.version === VERSION) return;
  }
  await inLockedTransaction(pool, DEADLINE_MS, advisoryKey('webhooks', webhooks), async (client) => {
    // On a connection of its own, which commits for itself. The lock keeps others from doing the same.
    await runMigrations({ pgPool: pool, schema: queue, logger: queueLogger(() => undefined) });
    await client.query(tables(webhooks));
    await client.query(functions({ webhooks, queue }));
    await client.query(`delete from ${webhooks}.version`);
    await client.query(`insert into ${webhooks}.version values ($1)`, [VERSION]);
  });
};
