import type pg from 'pg';

/** The database went away under a transaction: it was rolled back, or its commit is in doubt. It may be tried again. */
export class Interrupted extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : 'connection lost', { cause });
    this.name = 'Interrupted';
  }
}

const connect = async (pool: pg.Pool): Promise<pg.PoolClient> => {
  try {
    return await pool.connect();
  } catch (error) {
    throw new Interrupted(error);
  }
};

/**
 * A read model is made from the log again if it is lost, rows and checkpoint together. So its commits need not wait for
 * the disk, where they would keep the appends of the log waiting.
 */
const BEGIN = 'begin isolation level read committed; set local synchronous_commit to off';

const runWork = async (client: pg.PoolClient, work: (client: pg.PoolClient) => Promise<boolean>): Promise<boolean> => {
  await client.query(BEGIN);
  const wanted = await work(client);
  const { command } = await client.query(wanted ? 'commit' : 'rollback');
  // A failed statement that `work` has swallowed makes the server roll back instead.
  if (wanted && command !== 'COMMIT') throw new Error('the transaction was aborted by an error that went unnoticed');
  return wanted;
};

/**
 * Runs `work` in one transaction, committed if it resolves to true. Throws Interrupted if the connection is lost or the
 * deadline passes, else what `work` threw.
 */
export const inTransaction = async (
  pool: pg.Pool,
  deadlineMs: number,
  work: (client: pg.PoolClient) => Promise<boolean>,
): Promise<boolean> => {
  const client = await connect(pool);
  const interruption = new AbortController();
  const interrupt = (cause: Error): void => interruption.abort(new Interrupted(cause));
  const interrupted = new Promise<never>((_, reject) => {
    interruption.signal.addEventListener('abort', () => reject(interruption.signal.reason as Interrupted));
  });
  client.on('error', interrupt);
  const timer = setTimeout(() => interrupt(new Error(`not done within ${deadlineMs} ms`)), deadlineMs);
  try {
    const committed = await Promise.race([runWork(client, work), interrupted]);
    client.removeListener('error', interrupt);
    client.release();
    return committed;
  } catch (error) {
    client.release(true); // The server rolls back what the session leaves open.
    throw interruption.signal.aborted ? new Interrupted(error) : error;
  } finally {
    clearTimeout(timer);
  }
};
