import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DATABASE } from './cluster.js';
import { hasCode, LocalPostgresError } from './local-postgres-error.js';
import { findPostmaster, type Postmaster } from './postmaster.js';

/** "keyledgr" in ASCII. Whoever holds this session lock is the one Keyledger of the cluster. */
const LOCK = '7738725041170573170';
/** The session of a killed owner can outlive it for a moment. */
const LINGER_MS = 3_000;
/** A server that ended all sessions because one crashed accepts new ones within seconds. */
const COMEBACK_MS = 10_000;
const COMEBACK_PAUSE_MS = 100;

/**
 * Becomes the owner of a server: a session that holds the lock for as long as it lives. `held`: another Keyledger owns
 * the server. `gone`: the server went away meanwhile.
 */
export async function own(postmaster: Postmaster, password: string): Promise<pg.Client | 'held' | 'gone'> {
  const session = new pg.Client({
    ...{ host: '127.0.0.1', port: postmaster.port, user: DATABASE, password },
    // A lock belongs to one database; this one is there from the beginning.
    database: 'postgres',
    application_name: 'keyledger-owner',
  });
  // Without a listener a broken connection would end the process. The end of the session is what counts.
  session.on('error', () => undefined);
  try {
    await session.connect();
    if (await lock(session)) return session;
    await session.end();
    return 'held';
  } catch (error) {
    await session.end().catch(() => undefined);
    if (isGone(error)) return 'gone';
    throw new LocalPostgresError(
      `The PostgreSQL on port ${postmaster.port} does not let Keyledger in (${String(error)}): ` +
        'restore the file postgres-password from a backup.',
      { cause: error },
    );
  }
}

/** An owned server, and where its cluster and its password are. */
export interface Owned {
  readonly postmaster: Postmaster;
  readonly directory: string;
  readonly password: string;
}

/**
 * Stays the owner although `session` may end: the server ends all sessions when one crashes, and lives on. Resolves,
 * with the reason as in `own`, once that cannot be or `signal` aborts; never rejects.
 */
export async function remainOwner(session: pg.Client, owned: Owned, signal: AbortSignal): Promise<'held' | 'gone'> {
  let current: pg.Client | 'held' | 'gone' = session;
  while (typeof current !== 'string') {
    await ended(current);
    current = await ownAgain(owned, signal);
  }
  return current;
}

const ended = (session: pg.Client): Promise<void> =>
  new Promise((resolve) => {
    session.once('end', () => resolve());
  });

async function ownAgain(
  { postmaster, directory, password }: Owned,
  signal: AbortSignal,
): Promise<pg.Client | 'held' | 'gone'> {
  const deadline = performance.now() + COMEBACK_MS;
  while (!signal.aborted && performance.now() < deadline) {
    const running = await findPostmaster(directory).catch(() => null);
    if (running?.pid !== postmaster.pid) return 'gone';
    // A refusal may pass, too: all who lost their sessions come back at once, and there may be too many for a moment.
    const owner = running.status === 'ready' ? await own(running, password).catch(() => 'gone' as const) : 'gone';
    if (owner !== 'gone') return owner;
    await sleep(COMEBACK_PAUSE_MS);
  }
  return 'gone';
}

async function lock(session: pg.Client): Promise<boolean> {
  for (const deadline = performance.now() + LINGER_MS; performance.now() < deadline; await sleep(50)) {
    const { rows } = await session.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [LOCK]);
    if (rows[0]?.locked) return true;
  }
  return false;
}

/** Shutting down (57P01 to 57P03), no longer listening, or a connection that broke (an error without a code). */
function isGone(error: unknown): boolean {
  const broken = String(error).includes('Connection terminated');
  return broken || hasCode(error, '57P01', '57P02', '57P03', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE');
}

/** Creates the database at the first start. Only the owner may call it. */
export async function createDatabase(session: pg.Client): Promise<void> {
  const { rowCount } = await session.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
  if (rowCount === 0) await session.query(`CREATE DATABASE ${DATABASE}`);
}
