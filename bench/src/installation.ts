import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEventLog, parseConfig } from '@keyledger/edge';
import type { EventLog } from '@keyledger/event-log';
import { startLocalPostgres } from '@keyledger/local-postgres';
import pg from 'pg';
import type { EventStore } from './event-store.js';

/** One empty database with an empty log, and what a server needs beside it. */
export interface Installation {
  readonly databaseUrl: string;
  readonly streamPrefix: string;
  /** Environment of a server on this database and this log. */
  readonly settings: Readonly<Record<string, string>>;
  readonly openLog: () => Promise<EventLog>;
}

/** The PostgreSQL that all measurements share, with the settings that users get: everything committed is durable. */
export interface Cluster {
  readonly dataDir: string;
  createInstallation(name: string): Promise<Installation>;
  /** Settings and version that the durability of a commit depends on, as the server itself reports them. */
  describe(): Promise<string>;
  remove(): Promise<void>;
}

/** Runs `work` on a connection of its own. */
export const withClient = async <T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

const reported = ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers'] as const;

const describe = (databaseUrl: string): Promise<string> =>
  withClient(databaseUrl, async (client) => {
    const facts = reported.map((name) => `'${name} ' || current_setting('${name}')`);
    const text = `select concat_ws(', ', ${facts.join(', ')}) as facts`;
    return (await client.query<{ facts: string }>(text)).rows[0]?.facts ?? '';
  });

/** An EventStoreDB is shared by all installations, and perhaps by others: each has a prefix of its own there. */
const logSettings = (eventStore: EventStore | null): Readonly<Record<string, string>> =>
  eventStore === null
    ? {}
    : { ...eventStore.settings, KEYLEDGER_STREAM_PREFIX: `bench${randomBytes(6).toString('hex')}-` };

/** Installations whose log is in the EventStoreDB, or for null in the PostgreSQL. */
export const startCluster = async (eventStore: EventStore | null): Promise<Cluster> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'keyledger-bench-'));
  const postgres = await startLocalPostgres({ dataDir });
  const masterKey = randomBytes(32).toString('base64');
  return {
    dataDir,
    async createInstallation(name) {
      await withClient(postgres.url, (client) => client.query(`create database ${name}`));
      const url = new URL(postgres.url);
      url.pathname = `/${name}`;
      const settings = {
        KEYLEDGER_DATABASE_URL: url.href,
        KEYLEDGER_MASTER_KEY: masterKey,
        KEYLEDGER_DATA_DIR: dataDir,
        KEYLEDGER_LOCAL_ISSUER: 'true',
        KEYLEDGER_MAX_CREDENTIALS: '1000000',
        KEYLEDGER_HTTP_PORT: '0',
        KEYLEDGER_GRPC_PORT: '0',
        ...logSettings(eventStore),
      };
      const config = parseConfig(settings);
      const openLog = (): Promise<EventLog> => openEventLog(config, url.href);
      return { databaseUrl: url.href, streamPrefix: config.streamPrefix, settings, openLog };
    },
    describe: () => describe(postgres.url),
    async remove() {
      await postgres.stop();
      await rm(postgres.location, { recursive: true, force: true });
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
