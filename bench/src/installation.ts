import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalPostgres } from '@keyledger/local-postgres';
import pg from 'pg';

/** One empty database, and what a server needs beside it. */
export interface Installation {
  readonly databaseUrl: string;
  /** Environment of a server on this database. */
  readonly settings: Readonly<Record<string, string>>;
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

export const startCluster = async (): Promise<Cluster> => {
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
      };
      return { databaseUrl: url.href, settings };
    },
    describe: () => describe(postgres.url),
    async remove() {
      await postgres.stop();
      await rm(postgres.location, { recursive: true, force: true });
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
