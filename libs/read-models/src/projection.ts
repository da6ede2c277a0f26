import type { RecordedEvent } from '@keyledger/event-log';
import type pg from 'pg';
import { advisoryKey, alone } from '@keyledger/postgres';
import { CheckpointTable } from './checkpoint.js';

/** What can be folded from the log into tables, thrown away, and folded again. */
export interface Projection {
  /** Names it in metrics, in readiness and in `npm run rebuild -- <name>`. */
  readonly name: string;
  /** The PostgreSQL schema that holds its tables and its checkpoint, and nothing else. Needs no quoting. */
  readonly schema: string;
  /** Raise it whenever the tables, or what is made of an event, change: the tables are then made anew from the log. */
  readonly version: number;
  /** Tables whose content comes from the log, all of it: a rebuild compares them. */
  readonly tables: readonly string[];
  /** Creates the tables in `schema`, which is there and empty. */
  ddl(schema: string): string;
  /**
   * Takes up to 1,000 events, in order, into the tables of `schema`, within the transaction of `tx`. What the tables
   * contain already must change nothing. Throws for an event that this version cannot read.
   */
  apply(tx: pg.ClientBase, schema: string, events: readonly RecordedEvent[]): Promise<void>;
  /** What the log has lost: the tables in `replaced` contain it, those in `schema`, made from the log, do not. */
  lost?(client: pg.ClientBase, replaced: string, schema: string): Promise<object>;
}

/** Of the lock for whoever makes or replaces the tables in `schema`. */
export const tablesKey = (schema: string): string => advisoryKey('projection', schema);

const exists = async (client: pg.ClientBase | pg.Pool, table: string): Promise<boolean> => {
  const text = 'select to_regclass($1) is not null as present';
  return (await client.query<{ present: boolean }>(text, [table])).rows[0]?.present === true;
};

/** The version of the projection that the tables in `schema` hold; null if there are none. */
export const versionOfTables = async (client: pg.ClientBase, schema: string): Promise<number | null> => {
  if (!(await exists(client, `${schema}.checkpoint`))) return null;
  const text = `select projection_version as version from ${schema}.checkpoint`;
  return (await client.query<{ version: number }>(text)).rows[0]?.version ?? null;
};

/** Creates what is not there yet of the tables and of their checkpoint. */
export const createTables = async (pool: pg.Pool, projection: Projection): Promise<void> => {
  const { schema, version, tables } = projection;
  await new CheckpointTable(pool, schema).ensure(version);
  const present = await exists(pool, `${schema}.${tables[0]}`);
  if (!present) await pool.query(projection.ddl(schema)); // A query of several statements is one transaction.
};

/**
 * Makes sure that the tables of this version are there. Those of another version are dropped: the follower then makes
 * them anew from the log. Safe when several processes start at once.
 */
export const prepareTables = (pool: pg.Pool, projection: Projection): Promise<void> =>
  alone(pool, tablesKey(projection.schema), async (client) => {
    const found = await versionOfTables(client, projection.schema);
    if (found !== projection.version) await client.query(`drop schema if exists ${projection.schema} cascade`);
    await createTables(pool, projection);
  });
