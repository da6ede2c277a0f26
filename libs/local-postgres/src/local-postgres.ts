import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { findBinaries } from './binaries.js';
import { createCluster, DATABASE, hasCluster } from './cluster.js';
import { exists, findHome, openDataDir, ownerOf, readPassword, recordHome } from './home.js';
import { LocalPostgresError } from './local-postgres-error.js';
import { findPostmaster, POLL_MS, startPostmaster, type Server, type StartedServer } from './postmaster.js';
import { findServerAccount } from './server-account.js';

export interface LocalPostgresOptions {
  /** Created when absent; nobody but its owner can read it. */
  readonly dataDir: string;
  /** Told in one line each what takes time or is unusual. */
  readonly onLog?: (line: string) => void;
  /** Settings of PostgreSQL in place of ours, for tests and benchmarks. */
  readonly extraSettings?: Readonly<Record<string, string>>;
}

export interface LocalPostgres extends Pick<StartedServer, 'lost' | 'stop'> {
  /** Holds the password: never log it. */
  readonly url: string;
  /** The folder that holds the cluster: the data directory, or its stand-in below /var/lib/keyledger. */
  readonly location: string;
}

/** What is in the way of a start for a moment, such as the server of a Keyledger that was killed, is gone by then. */
const PATIENCE_MS = 5_000;

const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  // The path of a socket may have about 100 characters, and a clone may lie deeper than that.
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_level: 'replica',
  max_wal_size: '1GB',
  max_connections: '200',
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Statements and details of errors can quote data, which has no place in a log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

/**
 * Starts the PostgreSQL that npm brought on `dataDir`, for one Keyledger at a time. It ends with this process, even if
 * that is killed. Throws LocalPostgresError, or the operating system's own error for a full disk and its like.
 */
export async function startLocalPostgres({
  dataDir,
  onLog = () => undefined,
  extraSettings,
}: LocalPostgresOptions): Promise<LocalPostgres> {
  const path = await openDataDir(resolve(dataDir));
  const account = await findServerAccount(await ownerOf(path));
  if (account?.name === 'nobody') {
    onLog('PostgreSQL runs as nobody, a user that others may share. With a user keyledger it would run as that one');
  }
  const home = await findHome(path, account);
  const binaries = await findBinaries(home, account);
  const directory = join(home, 'postgres');
  const present = await hasCluster(directory, binaries);
  const password = await readPassword(path, present ? directory : null);
  if (!present) {
    onLog(`Creating an empty database in ${directory}`);
    await createCluster(directory, binaries, account, password);
  }
  await recordHome(path, home);
  const server = { directory, account, logFile: join(path, 'postgres.log'), native: binaries.native };
  const started = await startServer({ ...server, settings: { ...settings, ...extraSettings } }, onLog);
  try {
    await createDatabase(started.port, password);
  } catch (error) {
    await started.stop();
    throw error;
  }
  return { ...started, url: urlOf(started.port, password), location: home };
}

/**
 * The URL of the server that runs on `dataDir`, for tools beside the Keyledger that owns it; null if none runs. Throws
 * where there is no such folder: a tool makes no data of its own.
 */
export async function findLocalPostgres(dataDir: string): Promise<string | null> {
  if (!(await exists(dataDir))) {
    throw new LocalPostgresError(`There is no ${resolve(dataDir)}: set KEYLEDGER_DATA_DIR to the folder of your data.`);
  }
  const path = await openDataDir(resolve(dataDir));
  const directory = join(await findHome(path, await findServerAccount(await ownerOf(path))), 'postgres');
  const postmaster = await findPostmaster(directory);
  if (postmaster?.status !== 'ready') return null;
  return urlOf(postmaster.port, await readPassword(path, directory));
}

const urlOf = (port: number, password: string): string =>
  `postgres://${DATABASE}:${password}@127.0.0.1:${port}/${DATABASE}`;

/** Tries until a server of ours runs. Waits while another one starts or stops, but not while one goes on running. */
async function startServer(server: Server, onLog: (line: string) => void): Promise<StartedServer> {
  let obstacle = '';
  let giveUpAtMs = performance.now() + PATIENCE_MS;
  while (performance.now() < giveUpAtMs) {
    const running = await findPostmaster(server.directory);
    if (running === null) {
      const started = await startPostmaster(server);
      if (typeof started !== 'string') return started;
      obstacle = started;
    } else {
      if (obstacle === '')
        onLog(`Waiting for the PostgreSQL that runs on this data directory to stop (pid ${running.pid})`);
      obstacle =
        `Keyledger is already running on this data directory (PostgreSQL pid ${running.pid}). ` +
        'Stop it first, or set KEYLEDGER_DATA_DIR to another folder.';
      if (running.status !== 'ready') giveUpAtMs = performance.now() + PATIENCE_MS;
    }
    await sleep(POLL_MS);
  }
  throw new LocalPostgresError(obstacle);
}

/** Creates the database at the first start. */
async function createDatabase(port: number, password: string): Promise<void> {
  const session = new pg.Client({ host: '127.0.0.1', port, user: DATABASE, password, database: 'postgres' });
  session.on('error', () => undefined); // Its queries are rejected, which is enough.
  await session.connect().catch((error: unknown) => {
    throw new LocalPostgresError(
      `The PostgreSQL on port ${port} does not let Keyledger in (${String(error)}): ` +
        'restore the file postgres-password from a backup.',
      { cause: error },
    );
  });
  try {
    const { rowCount } = await session.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await session.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await session.end();
  }
}
