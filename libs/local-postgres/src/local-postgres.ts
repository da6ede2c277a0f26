import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { findBinaries, reachableBinaries } from './binaries.js';
import { createCluster, DATABASE, hasCluster } from './cluster.js';
import { findHome, openDataDir, readPassword, recordHome } from './home.js';
import { LocalPostgresError } from './local-postgres-error.js';
import { createDatabase, own } from './ownership.js';
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
  /** Resolves if the server goes away without `stop`; never rejects. The process should say so and exit. */
  readonly lost: Promise<LocalPostgresError>;
  /** Stops the server; everything committed stays. May be called more than once. */
  stop(): Promise<void>;
}

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
  const onLog = options.onLog ?? ((): void => undefined);
  const dataDir = await openDataDir(resolve(options.dataDir));
  const account = await findServerAccount();
  const home = await findHome(dataDir, account);
  const binaries = await reachableBinaries(await findBinaries(), home, account);
  const directory = join(home, 'postgres');
  const present = await hasCluster(directory, binaries.major, account);
  const password = await readPassword(dataDir, present);
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

/** Goes on until a server is ours: one may be stopping, or another start may be faster. */
async function takeServer(
  server: Server,
  password: string,
  onLog: (line: string) => void,
): Promise<Omit<LocalPostgres, 'location'>> {
  for (let waits = 0; ;) {
    const running = await findPostmaster(server.directory);
    if (running && running.status !== 'ready') {
      if (waits++ === 0)
        onLog(`Waiting for the PostgreSQL that is ${running.status || 'starting'} (pid ${running.pid})`);
      await sleep(20);
      continue;
    }
    const postmaster = running ?? (await startPostmaster(server));
    const session = postmaster && (await own(postmaster, password));
    if (!postmaster || !session) continue;
    if (running) onLog(`Took over the PostgreSQL that was left running (pid ${postmaster.pid})`);
    return { ...(await serve(postmaster, session, server.directory, password)), adopted: running !== null };
  }
}

async function serve(
  postmaster: Postmaster,
  session: pg.Client,
  directory: string,
  password: string,
): Promise<Pick<LocalPostgres, 'url' | 'lost' | 'stop'>> {
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= stopPostmaster(postmaster.pid, directory));
  const lost = new Promise<LocalPostgresError>((resolveLost) => {
    session.once('end', () => {
      if (stopped) return;
      resolveLost(new LocalPostgresError(`PostgreSQL (pid ${postmaster.pid}) went away: start Keyledger again.`));
    });
  });
  try {
    await createDatabase(session);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `postgres://${DATABASE}:${password}@127.0.0.1:${postmaster.port}/${DATABASE}`, lost, stop };
}
