import { createHash } from 'node:crypto';
import type pg from 'pg';

/** Key of a PostgreSQL advisory lock: a bigint as decimal text, unlike those of other purposes and names. */
export const advisoryKey = (purpose: string, name: string): string =>
  createHash('sha256').update(`keyledger/${purpose}/${name}`).digest().readBigInt64BE().toString();

/** Waits for the lock. It is held until the transaction of `client` ends. */
export const lockUntilCommit = async (client: pg.ClientBase, key: string): Promise<void> => {
  await client.query('select pg_advisory_xact_lock($1)', [key]);
};

/** Runs `work` while no other session holds the lock of this key, on the connection that holds it. */
export const alone = async <T>(pool: pg.Pool, key: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
  const client = await pool.connect();
  client.on('error', () => undefined); // The statement under way rejects as well.
  try {
    await client.query('select pg_advisory_lock($1)', [key]);
    return await work(client);
  } finally {
    client.release(true); // Ending the session is what frees the lock.
  }
};

interface SessionLock {
  /** Aborts when the session is cut: the lock is gone and another process may hold it. */
  readonly lost: AbortSignal;
  release(): void;
}

/** A lock held by a database session of its own, or null if another session holds it. */
export const takeSessionLock = async (pool: pg.Pool, key: string): Promise<SessionLock | null> => {
  const client = await pool.connect();
  const lost = new AbortController();
  const lose = (): void => lost.abort();
  client.on('error', lose).on('end', lose);
  const release = (): void => client.release(true); // Ending the session is what frees the lock.
  try {
    const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [key]);
    if (rows[0]?.held === true) return { lost: lost.signal, release };
  } catch (error) {
    release();
    throw error;
  }
  release();
  return null;
};
