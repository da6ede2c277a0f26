import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DATABASE } from './cluster.js';
import { hasCode, LocalPostgresError } from './local-postgres-error.js';
import { type Postmaster } from './postmaster.js';

/** "keyledgr" in ASCII. Whoever holds this session lock is the one Keyledger of the cluster. */
const LOCK = '7738725041170573170';
/** The session of a killed owner can outlive it for a moment. */
const LINGER_MS = 3_000;

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
