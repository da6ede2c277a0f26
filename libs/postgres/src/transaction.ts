import type pg from 'pg';
import { NoReply, NotSent } from './errors.js';
import { lockUntilCommit } from './locks.js';

type Work<T> = (client: pg.PoolClient) => Promise<T>;

/**
 * Runs `work` in a transaction on a connection that the caller holds. It is committed when this resolves. When it
 * throws, the transaction may still be open: only closing the connection ends it. `begin` can ask for an isolation
 * level.
 */
export const transactionOn = async <T>(client: pg.ClientBase, work: () => Promise<T>, begin = 'begin'): Promise<T> => {
  await client.query(begin);
  const result = await work();
  const { command } = await client.query('commit');
  // A failed statement that `work` has swallowed makes the server roll back instead.
  if (command !== 'COMMIT') throw new Error('the transaction was aborted by an error that went unnoticed');
  return result;
};

/**
 * Runs `work` in a transaction on a connection of its own. It is committed when this resolves. When it throws, it is
 * rolled back and the connection closed: NotSent if there is none to be had; NoReply if it is lost or the deadline
 * passes, which leaves a commit that was under way in doubt; else what `work` threw.
 */
export const inTransaction = async <T>(
  pool: pg.Pool,
  deadlineMs: number,
  work: Work<T>,
  begin?: string,
): Promise<T> => {
  const client = await pool.connect().catch((error: unknown) => Promise.reject(new NotSent(error)));
  const interruption = new AbortController();
  const interrupt = (cause: Error): void => interruption.abort(new NoReply(cause));
  const interrupted = new Promise<never>((_, reject) => {
    interruption.signal.addEventListener('abort', () => reject(interruption.signal.reason as NoReply));
  });
  client.on('error', interrupt);
  const timer = setTimeout(() => interrupt(new Error(`not done within ${deadlineMs} ms`)), deadlineMs);
  try {
    const result = await Promise.race([transactionOn(client, () => work(client), begin), interrupted]);
    client.off('error', interrupt).release();
    return result;
  } catch (error) {
    client.release(true); // The server rolls back what the session leaves open.
    throw interruption.signal.aborted ? (interruption.signal.reason as NoReply) : error;
  } finally {
    clearTimeout(timer);
  }
};

/** As inTransaction, while no other session holds the lock of this key. */
export const inLockedTransaction = <T>(pool: pg.Pool, deadlineMs: number, key: string, work: Work<T>): Promise<T> =>
  inTransaction(pool, deadlineMs, async (client) => {
    await lockUntilCommit(client, key);
    // What the one before has made is news to the server's cache of names only once it locks some table.
    await client.query('select from pg_namespace limit 1');
    return work(client);
  });
