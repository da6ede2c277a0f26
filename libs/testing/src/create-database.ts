import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  /** Belongs to a superuser. */
  readonly url: string;
  /** Removes the database; sessions that are still open are cut. */
  drop(): Promise<void>;
}

/** Creates an empty database of its own for a suite, on the server that `postgres-setup.mjs` started or was given. */
export async function createDatabase(): Promise<TestDatabase> {
  const server = process.env['KEYLEDGER_TEST_DATABASE_URL'];
  if (!server)
    throw new Error('No PostgreSQL: add globalSetup to jest.config.mjs as libs/testing/postgres-setup.mjs says.');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await execute(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** Gives new sessions other defaults than any program expects, as whoever owns a server may for programs of theirs. */
export async function setUnusualDefaults(url: string): Promise<void> {
  const database = `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET`;
  const settings = [
    "datestyle = 'German'",
    "timezone = 'Asia/Kathmandu'",
    "intervalstyle = 'iso_8601'",
    "bytea_output = 'escape'",
    'standard_conforming_strings = off',
    "search_path = 'nowhere'",
    "client_encoding = 'LATIN1'",
    "default_transaction_isolation = 'serializable'",
    'jit = on',
  ];
  await execute(url, settings.map((setting) => `${database} ${setting};`).join('\n'));
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
