import type pg from 'pg';

export interface SessionLock {
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
