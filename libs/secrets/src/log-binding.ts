import { inTransaction } from '@keyledger/postgres';
import type { Pool, PoolClient } from 'pg';
import { tableIn } from './secrets-schema.js';

const DEADLINE_MS = 30_000;

/**
 * `current`: writers of this installation append to it. `copy`: it may become the current one. `left`: another one
 * became current after it.
 */
type LogState = 'current' | 'copy' | 'left';

/** The log is not the one that the secrets in this database belong to. The message says what to do. */
export class WrongLog extends Error {
  override readonly name = 'WrongLog';
}

interface Row {
  readonly log_id: string;
  readonly state: LogState;
}

type Work<T> = (client: PoolClient, rows: readonly Row[]) => Promise<T>;

/**
 * Secrets lie in PostgreSQL and the events that need them in the log. A process on another log would take every secret
 * for one that nothing needs and destroy it: so the database remembers which log it belongs to.
 */
export class LogBinding {
  private readonly table: string;

  constructor(
    private readonly pool: Pool,
    schema: string,
    private readonly logId: string,
  ) {
    this.table = tableIn(schema, 'logs');
  }

  /**
   * For a process that is about to write. The first log of a database is its own; a copy takes over from the log that
   * it was made of, if no writer has started there since. Throws WrongLog for any other, with nothing changed.
   */
  async claim(): Promise<void> {
    const { logId } = this;
    await this.locked(async (client, rows) => {
      const state = rows.find((row) => row.log_id === logId)?.state;
      const current = rows.find((row) => row.state === 'current')?.log_id;
      if (state === 'current') return this.forgetCopies(client);
      if (state === 'left') throw new WrongLog(this.whyLeft(current));
      if (state === undefined && current !== undefined) throw new WrongLog(this.whyForeign(current));
      await client.query(`update ${this.table} set state = 'left' where state = 'current'`);
      await this.put(client, logId, 'current');
    });
  }

  /** Lets a proved copy of this log take over. False, with nothing changed, if this log is not the current one. */
  async allowCopy(copyId: string): Promise<boolean> {
    return this.locked(async (client, rows) => {
      const stateOf = (logId: string) => rows.find((row) => row.log_id === logId)?.state;
      if (rows.length === 0) await this.put(client, this.logId, 'current');
      else if (stateOf(this.logId) !== 'current') return false;
      if (stateOf(copyId) !== 'current') await this.put(client, copyId, 'copy');
      return true;
    });
  }

  /** False once writers have gone on with another log. */
  async isCurrent(): Promise<boolean> {
    const text = `select 1 from ${this.table} where log_id = $1 and state = 'current'`;
    return (await this.pool.query(text, [this.logId])).rowCount === 1;
  }

  /** The furthest position that `noteHead` was given for this log; null for none. */
  async furthestHead(): Promise<string | null> {
    const text = `select head from ${this.table} where log_id = $1`;
    return (await this.pool.query<{ head: string | null }>(text, [this.logId])).rows[0]?.head ?? null;
  }

  /** Remembers how far the log has come. Positions of one log have one length, so that they compare as texts. */
  async noteHead(head: string): Promise<void> {
    const text = `update ${this.table} set head = $2 where log_id = $1 and (head is null or head collate "C" < $2)`;
    await this.pool.query(text, [this.logId, head]);
  }

  /** Whoever writes here leaves every copy behind, however equal it was. */
  private async forgetCopies(client: PoolClient): Promise<void> {
    await client.query(`delete from ${this.table} where state = 'copy'`);
  }

  private async put(client: PoolClient, logId: string, state: LogState): Promise<void> {
    const text = `insert into ${this.table} (log_id, state) values ($1, $2)
      on conflict (log_id) do update set state = $2`;
    await client.query(text, [logId, state]);
  }

  private whyForeign(current: string): string {
    return (
      `The secrets in this database belong to the log ${current}, and the settings lead to the log ${this.logId}. ` +
      'Check KEYLEDGER_EVENT_LOG, EVENTSTOREDB_URL, KEYLEDGER_DATABASE_URL and KEYLEDGER_STREAM_PREFIX. Only a copy ' +
      'that "npm run log:copy" has proved can take over.'
    );
  }

  private whyLeft(current = 'another one'): string {
    return (
      `This installation has moved from the log ${this.logId} to the log ${current}. Set KEYLEDGER_EVENT_LOG to the ` +
      'engine of that one, or copy it back with "npm run log:copy".'
    );
  }

  private locked<T>(work: Work<T>): Promise<T> {
    return inTransaction(this.pool, DEADLINE_MS, async (client) => {
      await client.query(`lock table ${this.table} in exclusive mode`);
      const { rows } = await client.query<Row>(`select log_id, state from ${this.table}`);
      return work(client, rows);
    });
  }
}
