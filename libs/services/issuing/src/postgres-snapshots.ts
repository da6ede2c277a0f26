import type { Position, Snapshot, SnapshotStore } from '@keyledger/event-log';
import type { Pool } from 'pg';

interface Row {
  readonly log_id: string;
  readonly revision: string;
  readonly position: Position;
  readonly event_id: string;
  readonly state: Buffer;
}

/** The newest snapshot of each account, in PostgreSQL on every engine. */
export class PostgresSnapshots implements SnapshotStore {
  constructor(
    private readonly pool: Pool,
    private readonly schema: string,
  ) {}

  async load(streamId: string): Promise<Snapshot | null> {
    const { rows } = await this.pool.query<Row>(
      `select log_id, revision, position, event_id, state from ${this.schema}.snapshots where stream_id = $1`,
      [streamId],
    );
    const row = rows[0];
    if (row === undefined) return null;
    const { log_id: logId, position, event_id: eventId, state } = row;
    return { logId, revision: Number(row.revision), position, eventId, state };
  }

  /** Never replaces a newer one of the same log, which another process may have written. */
  async save(streamId: string, { logId, revision, position, eventId, state }: Snapshot): Promise<void> {
    await this.pool.query(
      `insert into ${this.schema}.snapshots as old (stream_id, log_id, revision, position, event_id, state)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (stream_id) do update
         set log_id = excluded.log_id, revision = excluded.revision, position = excluded.position,
             event_id = excluded.event_id, state = excluded.state
         where old.log_id <> excluded.log_id or old.revision <= excluded.revision`,
      [streamId, logId, revision, position, eventId, state],
    );
  }

  async discard(streamId: string): Promise<void> {
    await this.pool.query(`delete from ${this.schema}.snapshots where stream_id = $1`, [streamId]);
  }
}
