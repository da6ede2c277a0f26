import { NoReply, NotSent, openPool } from '@keyledger/postgres';
import type pg from 'pg';

export interface ConnectionOptions {
  readonly connectionString: string;
  readonly max: number;
  readonly deadlineMs: number;
}

/** All queries of the log go by an index. A plan made while the table was empty must not outlive that. */
const PLANNER = { enable_seqscan: 'off', enable_hashjoin: 'off', enable_mergejoin: 'off' };

/** One connection, for one statement. */
export interface Session {
  /**
   * Throws NoReply, or what the driver reports, and the connection is destroyed then: it may lead to a server that
   * takes no writes any more, while the next one leads to its successor.
   */
  query<Row extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<Row[]>;
  /** For a session that has nothing to ask after all. */
  release(): void;
}

/** Connections on which every statement is answered, refused or given up within the deadline. */
export class Connections {
  readonly #pool: pg.Pool;
  readonly #deadlineMs: number;

  constructor({ connectionString, max, deadlineMs }: ConnectionOptions) {
    this.#deadlineMs = deadlineMs;
    const config: pg.PoolConfig = {
      max,
      application_name: 'keyledger-log',
      keepAlive: true,
      connectionTimeoutMillis: deadlineMs,
      // Below our own deadline, so that a slow server still gives a definite answer.
      lock_timeout: Math.ceil(deadlineMs * 0.6),
      statement_timeout: Math.ceil(deadlineMs * 0.8),
    };
    this.#pool = openPool(connectionString, config, PLANNER);
  }

  /** Throws NotSent if there is no connection to be had within the deadline. */
  async session(): Promise<Session> {
    const client = await this.#pool.connect().catch((error: unknown) => Promise.reject(new NotSent(error)));
    return { query: (query) => this.#query(client, query), release: () => client.release() };
  }

  /** Throws NotSent, NoReply, or what the driver reports. */
  async query<Row extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<Row[]> {
    const session = await this.session();
    return session.query<Row>(query);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #query<Row extends pg.QueryResultRow>(client: pg.PoolClient, query: pg.QueryConfig): Promise<Row[]> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new NoReply(new Error(`no reply within ${this.#deadlineMs} ms`))),
        this.#deadlineMs,
      );
    });
    try {
      const { rows } = await Promise.race([client.query<Row>(query), deadline]);
      client.release();
      return rows;
    } catch (error) {
      client.release(true);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}
