import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { findBinaries, reachableBinaries } from './binaries.js';
import { createCluster, DATABASE, hasCluster } from './cluster.js';
import { findHome, openDataDir, readPassword, recordHome } from './home.js';
import { LocalPostgresError } from './local-postgres-error.js';
import { createDatabase, own, remainOwner, type Owned } from './ownership.js';
import { findPostmaster, startPostmaster, stopPostmaster, type Postmaster, type Server } from './postmaster.js';
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
  /** True if the server was left running by an owner that was killed, and has been taken over. */
  readonly adopted: boolean;
  /** The folder that holds the cluster: the data directory, or its stand-in below /var/lib/keyledger. */
  readonly location: string;
  /**
   * Resolves if the server goes away without `stop`, or another owner takes it over; never rejects. The process should
   * say so and exit. A server that ends all sessions after a crash in one of them is not lost: it is owned again.
   */
  readonly lost: Promise<LocalPostgresError>;
  /** Stops the server; everything committed stays. May be called more than once. */
  stop(): Promise<void>;
}

type OwnServer = Omit<LocalPostgres, 'location'>;

const POLL_MS = 20;
/** What is in the way of a start for a moment is gone within seconds. */
const MOST_ATTEMPTS = 250;

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
 * Starts the PostgreSQL that npm brought on `dataDir`, or takes over the one that a killed owner left running there.
 * One Keyledger at a time owns a data directory. Throws LocalPostgresError.
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
    ...{ directory, account, native: binaries.native, logFile: join(dataDir, 'postgres.log') },
    settings: { ...settings, ...options.extraSettings },
  };
  return { ...(await takeServer(server, password, onLog)), location: home };
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

/** Goes on until a server is ours: one may be stopping, or another start may be faster. */
async function takeServer(server: Server, password: string, onLog: (line: string) => void): Promise<OwnServer> {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const running = await settled(server.directory, onLog);
    const postmaster = running ?? (await startPostmaster(server));
    const session = postmaster && (await claim(postmaster, server.directory, password, running === null));
    if (postmaster && session) {
      if (running) onLog(`Took over the PostgreSQL that was left running (pid ${postmaster.pid})`);
      const owned = { postmaster, directory: server.directory, password };
      return { ...(await serve(owned, session)), adopted: running !== null };
    }
    await sleep(POLL_MS);
  }
  throw new LocalPostgresError(`PostgreSQL does not start on ${server.directory}: its log ${server.logFile} says why.`);
}

/** The server that runs on the cluster, once it is ready; null once there is none. */
async function settled(directory: string, onLog: (line: string) => void): Promise<Postmaster | null> {
  for (let told = false; ; told = true) {
    const running = await findPostmaster(directory);
    if (running === null || running.status === 'ready') return running;
    if (!told) onLog(`Waiting for the PostgreSQL that is ${running.status || 'starting'} (pid ${running.pid})`);
    await sleep(POLL_MS);
  }
}

/** The session that owns the server; null if the server went away. One that we started and cannot enter is stopped. */
async function claim(
  postmaster: Postmaster,
  directory: string,
  password: string,
  startedByUs: boolean,
): Promise<pg.Client | null> {
  const session = await own(postmaster, password).catch(async (error: unknown) => {
    if (startedByUs) await stopPostmaster(postmaster.pid, directory);
    throw error;
  });
  if (session === 'held') {
    throw new LocalPostgresError(
      `Keyledger is already running on this data directory (PostgreSQL pid ${postmaster.pid}). ` +
        'Stop it first, or set KEYLEDGER_DATA_DIR to another folder.',
    );
  }
  return session === 'gone' ? null : session;
}

async function serve(owned: Owned, session: pg.Client): Promise<Omit<OwnServer, 'adopted'>> {
  const { postmaster, directory, password } = owned;
  const stopping = new AbortController();
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping.abort();
    return (stopped ??= stopPostmaster(postmaster.pid, directory));
  };
  const lost = new Promise<LocalPostgresError>((resolveLost) => {
    void remainOwner(session, owned, stopping.signal).then((reason) => {
      if (!stopping.signal.aborted) resolveLost(new LocalPostgresError(lossOf(postmaster, reason)));
    });
  });
  try {
    await createDatabase(session);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: urlOf(postmaster, password), lost, stop };
}

const lossOf = ({ pid }: Postmaster, reason: 'held' | 'gone'): string =>
  reason === 'held'
    ? `Another Keyledger has taken over PostgreSQL (pid ${pid}): this one cannot go on.`
    : `PostgreSQL (pid ${pid}) went away: start Keyledger again.`;
