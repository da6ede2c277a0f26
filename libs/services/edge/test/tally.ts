import { randomUUID } from 'node:crypto';
import { openPostgresEventLog, type EventLog, type NewEvent } from '@keyledger/event-log';
import { openPool } from '@keyledger/postgres';
import { firstEvent, createDatabase } from '@keyledger/testing';
import type pg from 'pg';
import type { Projection } from '@keyledger/read-models';

/** A projection that counts the events of each stream, and cannot read events of type `Poison`. */
export const tally: Projection = {
  name: 'tally',
  schema: 'tally',
  version: 1,
  tables: ['counts'],
  ddl: (schema) => `create table ${schema}.counts (stream_id text primary key, events bigint not null)`,
  apply: async (tx, schema, events) => {
    if (events.some(({ type }) => type === 'Poison')) throw new Error('Poison cannot be read.');
    for (const { streamId, revision } of events) {
      await tx.query(
        `insert into ${schema}.counts as stored values ($1, $2)
         on conflict (stream_id) do update set events = excluded.events where stored.events < excluded.events`,
        [streamId, revision + 1],
      );
    }
  },
};

/** A log and a database of their own. */
export class Grounds {
  private readonly revisions = new Map<string, number>();

  private constructor(
    readonly log: EventLog,
    readonly pool: pg.Pool,
    private readonly drop: () => Promise<void>,
  ) {}

  static async open(): Promise<Grounds> {
    const database = await createDatabase();
    const pool = openPool(database.url, { max: 20 });
    const log = await openPostgresEventLog({ firstEvent, connectionString: database.url });
    return new Grounds(log, pool, () => database.drop());
  }

  /** Appends events of `type`; gives the position of the last. */
  async append(streamId: string, count = 1, type = 'Counted'): Promise<string> {
    const events: NewEvent[] = Array.from({ length: count }, () => ({
      id: randomUUID(),
      type,
      data: Buffer.from('{}'),
      metadata: Buffer.from('{}'),
    }));
    const expected = this.revisions.get(streamId) ?? -1;
    const outcome = await this.log.append(streamId, expected, events);
    if (outcome.kind !== 'ok') throw new Error(`The append was answered with ${outcome.kind}.`);
    this.revisions.set(streamId, expected + count);
    return outcome.positions.at(-1) ?? '';
  }

  async counts(schema = tally.schema): Promise<Readonly<Record<string, number>>> {
    const { rows } = await this.pool.query<{ stream_id: string; events: string }>(`select * from ${schema}.counts`);
    return Object.fromEntries(rows.map((row) => [row.stream_id, Number(row.events)]));
  }

  /** Names of the schemas that begin with the projection's. */
  async schemas(): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ name: string }>(
      `select nspname as name from pg_namespace where nspname like 'tally%' order by 1`,
    );
    return rows.map(({ name }) => name);
  }

  async close(): Promise<void> {
    await this.log.close();
    await this.pool.end();
    await this.drop();
  }
}
