import type { Anchor } from '@keyledger/event-log';
import { inTransaction } from '@keyledger/postgres';
import type pg from 'pg';

const DEADLINE_MS = 300_000;

/** Rows and checkpoint as they were at one moment. */
const BEGIN = 'begin isolation level repeatable read read only';

/** What is read of a table, and how many of its blocks at a time. */
export interface SnapshotPart {
  readonly table: string;
  readonly columns: string;
  readonly groupBy?: string;
  readonly blocks: number;
}

/**
 * All rows of a table, as they lie on the disk: by their key it would take four times as long. So many blocks are read
 * at a time, and the next ones are on their way while the rows of some are worked on.
 */
export async function* rowsOf<T extends object>(tx: pg.ClientBase, part: SnapshotPart): AsyncGenerator<T> {
  const { table, columns, groupBy, blocks } = part;
  const size = `select pg_relation_size($1::regclass) / current_setting('block_size')::int as blocks`;
  const all = Number((await tx.query<{ blocks: string }>(size, [table])).rows[0]?.blocks);
  const text = `select ${columns} from ${table} where ctid >= $1::tid and ctid < $2::tid
    ${groupBy === undefined ? '' : `group by ${groupBy}`}`;
  const read = (from: number) => tx.query<T>(text, [`(${from},0)`, `(${from + blocks},0)`]);
  let next = read(0);
  for (let from = blocks; from < all + blocks; from += blocks) {
    const { rows } = await next;
    next = read(from);
    // Whoever comes to wait for it hears of an error; nobody does where the work on these rows fails.
    next.catch(() => undefined);
    yield* rows;
  }
}

const readAnchor = async (tx: pg.ClientBase, schema: string): Promise<Anchor | null> => {
  const text = `select position, event_id from ${schema}.checkpoint`;
  const { rows } = await tx.query<{ position: string | null; event_id: string | null }>(text);
  const { position, event_id: eventId } = rows[0] ?? {};
  return typeof position === 'string' && typeof eventId === 'string' ? { position, eventId } : null;
};

/**
 * Reads the tables of a projection in `schema` as they were at one moment, and tells the last event that they contain;
 * null where they are empty. Rejects where the database does not answer; what was filled is then of no use.
 */
export const readSnapshot = (
  pool: pg.Pool,
  schema: string,
  fill: (tx: pg.ClientBase) => Promise<void>,
): Promise<Anchor | null> =>
  inTransaction(
    pool,
    DEADLINE_MS,
    async (tx) => {
      await fill(tx);
      return readAnchor(tx, schema);
    },
    BEGIN,
  );
