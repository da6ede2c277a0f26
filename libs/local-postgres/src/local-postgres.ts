import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { findBinaries, reachableBinaries } from './binaries.js';
import { createCluster, DATABASE, hasCluster } from './cluster.js';
import { findHome, openDataDir, readPassword, recordHome } from './home.js';
import { LocalPostgresError } from './local-postgres-error.js';
import { findPostmaster, startPostmaster, type Postmaster, type Server, type StartedServer } from './postmaster.js';
import { findServerAccount } from './server-account.js';

export interface LocalPostgresOptions {
  /** Created when absent; nobody but its owner can read it. */
  readonly dataDir: string;
  /** Told in one line each what takes time or is unusual. */
  readonly onLog?: (line: string) => void;
  /** Settings of PostgreSQL in place of ours, for tests and benchmarks. */
  readonly extraSettings?: Readonly<Record<string, string>>;
}

export interface LocalPostgres {
  /** Holds the password: never log it. */
  readonly url: string;
  /** The folder that holds the cluster: the data directory, or its stand-in below /var/lib/keyledger. */
  readonly location: string;
  /** Resolves if the server ends without `stop`; never rejects. The process should say so and exit. */
  readonly lost: Promise<LocalPostgresError>;
  /** Stops the server; everything committed stays. May be called more than once. */
  stop(): Promise<void>;
}

const POLL_MS = 20;
/** What is in the way of a start for a moment is gone within seconds. */
const MOST_ATTEMPTS = 250;
/** The server of a Keyledger that was killed begins to stop within this time. */
const LINGER_MS = 5_000;

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
 * that is killed. Throws LocalPostgresError.
 */
export async function startLocalPostgres(options: LocalPostgresOptions): Promise<LocalPostgres> {
  try {
    return await startOn(await openDataDir(resolve(options.dataDir)), options);
  } catch (error) {
    // A full disk and its like: the operating system's own words are the clear line.
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new LocalPostgresError(`The local PostgreSQL cannot start: ${error.message}.`, { cause: error });
  }
}

async function startOn(dataDir: string, options: LocalPostgresOptions): Promise<LocalPostgres> {
  const onLog = options.onLog ?? ((): void => undefined);
  const account = await findServerAccount();
  const home = await findHome(dataDir, account);
  const binaries = await reachableBinaries(await findBinaries(), home, account);
  const directory = join(home, 'postgres');
  const present = await hasCluster(directory, binaries.major, account);
  const password = await readPassword(dataDir, present ? directory : null);
  if (!present) {
    onLog(`Creating an empty database in ${directory}`);
    await createCluster(home, binaries, account, password);
  }
  await recordHome(dataDir, home);
  const server = {
    directory,
    account,
    native: binaries.native,
    logFile: join(dataDir, 'postgres.log'),
    settings: { ...settings, ...options.extraSettings },
  };
  return { ...(await serve(await startServer(server, onLog), password)), location: home };
}

/** The URL of the server that runs on `dataDir`, for tools beside the Keyledger that owns it; null if none runs. */
export async function findLocalPostgres(dataDir: string): Promise<string | null> {
  const path = await openDataDir(resolve(dataDir));
  const directory = join(await findHome(path, await findServerAccount()), 'postgres');
  const postmaster = await findPostmaster(directory);
  if (postmaster?.status !== 'ready') return null;
  return urlOf(postmaster, await readPassword(path, directory));
}

const urlOf = ({ port }: Postmaster, password: string): string =>
  `postgres://${DATABASE}:${password}@127.0.0.1:${port}/${DATABASE}`;

/** Tries until a server of ours runs: another start may be faster, or something may be in the way for a moment. */
async function startServer(server: Server, onLog: (line: string) => void): Promise<StartedServer> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    await waitUntilFree(server.directory, onLog);
    const started = await startPostmaster(server);
    if (started !== null) return started;
    await sleep(POLL_MS);
  }
  throw new LocalPostgresError(`PostgreSQL does not start on ${server.directory}: its log ${server.logFile} says why.`);
}

/** Waits until no server runs on the cluster. Throws if one goes on running: another Keyledger has started it. */
async function waitUntilFree(directory: string, onLog: (line: string) => void): Promise<void> {
  let told = false;
  let readySinceMs = Infinity;
  for (;;) {
    const running = await findPostmaster(directory);
    if (running === null) return;
    readySinceMs = running.status === 'ready' ? Math.min(readySinceMs, performance.now()) : Infinity;
    if (performance.now() - readySinceMs > LINGER_MS) {
      throw new LocalPostgresError(
        `Keyledger is already running on this data directory (PostgreSQL pid ${running.pid}). ` +
          'Stop it first, or set KEYLEDGER_DATA_DIR to another folder.',
      );
    }
    if (!told) onLog(`Waiting for the PostgreSQL that runs on this data directory to stop (pid ${running.pid})`);
    told = true;
    await sleep(POLL_MS);
  }
}

async function serve(server: StartedServer, password: string): Promise<Omit<LocalPostgres, 'location'>> {
  const { postmaster, ended } = server;
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= server.stop());
  const lost = new Promise<LocalPostgresError>((resolveLost) => {
    const gone = `PostgreSQL (pid ${postmaster.pid}) went away: start Keyledger again.`;
    void ended.then(() => stopped ?? resolveLost(new LocalPostgresError(gone)));
  });
  try {
    await createDatabase(postmaster, password);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: urlOf(postmaster, password), lost, stop };
}

/** Creates the database at the first start. */
async function createDatabase({ port }: Postmaster, password: string): Promise<void> {
  const session = new pg.Client({ host: '127.0.0.1', port, user: DATABASE, password, database: 'postgres' });
  session.on('error', () => undefined); // Its queries are rejected, which is enough.
  try {
    await session.connect();
  } catch (error) {
    throw new LocalPostgresError(
      `The PostgreSQL on port ${port} does not let Keyledger in (${String(error)}): ` +
        'restore the file postgres-password from a backup.',
      { cause: error },
    );
  }
  try {
    const { rowCount } = await session.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await session.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await session.end();
  }
}
