import pg from 'pg';
import { advisoryKey, inLockedTransaction } from '@keyledger/postgres';
import { parsePosition, type Anchor, type Position } from '@keyledger/event-log';

export interface Checkpoint {
  /** The last event that the read model contains; null before the first one. */
  readonly anchor: Anchor | null;
  readonly projectionVersion: number;
}

const DEADLINE_MS = 60_000;

interface Row {
  readonly position: string | null;
  readonly event_id: string | null;
  readonly projection_version: number;
}

/** The one row that says how far the tables of a schema have come. It moves in the same transaction as they do. */
export class CheckpointTable {
  readonly #pool: pg.Pool;
  readonly #schema: string;
  readonly #table: string;

  constructor(pool: pg.Pool, schema: string) {
    this.#pool = pool;
    this.#schema = schema;
    this.#table = `${pg.escapeIdentifier(schema)}.checkpoint`;
  }

  /** Creates the table, at its start, if it is not there. Safe when several processes do it at once. */
  async ensure(projectionVersion: number): Promise<void> {
    const text = 'select to_regclass($1) is not null as present';
    const { rows } = await this.#pool.query<{ present: boolean }>(text, [this.#table]);
    if (rows[0]?.present === true) return;
    const statements = `
      create schema if not exists ${pg.escapeIdentifier(this.#schema)};
      create table if not exists ${this.#table} (
        single_row boolean primary key default true check (single_row),
        position text,
        event_id uuid,
        log_id text,
        projection_version int not null
      );
      insert into ${this.#table} (projection_version) values (${Math.trunc(projectionVersion)})
        on conflict do nothing;`;
    const key = advisoryKey('checkpoint', this.#schema);
    await inLockedTransaction(this.#pool, DEADLINE_MS, key, (client) => client.query(statements));
  }

  async read(): Promise<Checkpoint | null> {
    const text = `select position, event_id, projection_version from ${this.#table}`;
    const [row] = (await this.#pool.query<Row>(text)).rows;
    if (row === undefined) return null;
    const { position, event_id: eventId, projection_version: projectionVersion } = row;
    return { anchor: position === null || eventId === null ? null : { position, eventId }, projectionVersion };
  }

  /** False if the checkpoint is no longer at `from`: another instance has gone on, and this one must not write. */
  async move(transaction: pg.ClientBase, from: Position | null, to: Anchor): Promise<boolean> {
    const { rowCount } = await transaction.query({
      name: `move-checkpoint-${this.#schema}`,
      text: `update ${this.#table} set position = $2, event_id = $3, log_id = $4
        where position is not distinct from $1`,
      values: [from, to.position, to.eventId, parsePosition(to.position)?.logId],
    });
    return rowCount === 1;
  }
}
