import type pg from 'pg';
import type { Row, RowTable } from './row-table.js';

/** Where the statements of one batch go. */
export interface Target {
  readonly tx: pg.ClientBase;
  readonly schema: string;
}

type Key = Pick<Row<unknown>, 'accountId' | 'id'>;

const keyColumns = (keys: readonly Key[]): [string[], string[]] => [
  keys.map(({ accountId }) => accountId),
  keys.map(({ id }) => id),
];

const sameKey = (key: readonly string[]): string => key.map((name) => `stored.${name} = wanted.${name}`).join(' and ');

/** The rows with these keys, as far as they are there. */
const loadRows = async <T>(
  { tx, schema }: Target,
  { name, key }: RowTable<T>,
  keys: readonly Key[],
): Promise<readonly Row<T>[]> => {
  if (keys.length === 0) return [];
  const { rows } = await tx.query<Row<T>>(
    `select wanted.account_id as "accountId", stored.id, stored.document
     from unnest($1::text[], $2::text[]) as wanted (account_id, id)
     join ${schema}.${name} stored on ${sameKey(key)}`,
    keyColumns(keys),
  );
  return rows;
};

/** Inserts the rows, or replaces those that are there, in one statement. */
const writeRows = async <T>(
  { tx, schema }: Target,
  { name, key, columns }: RowTable<T>,
  rows: readonly Row<T>[],
): Promise<void> => {
  if (rows.length === 0) return;
  const named = Object.entries(columns);
  const names = named.map(([column]) => column).join(', ');
  const updates = named.flatMap(([column, { mutable }]) =>
    mutable === true ? [`${column} = excluded.${column}`] : [],
  );
  await tx.query(
    `insert into ${schema}.${name} (${names})
     select ${names} from jsonb_populate_recordset(null::${schema}.${name}, $1)
     on conflict (${key.join(', ')}) do update set ${updates.join(', ')}`,
    [JSON.stringify(rows.map((row) => Object.fromEntries(named.map(([column, { value }]) => [column, value(row)]))))],
  );
};

const removeRows = async <T>(
  { tx, schema }: Target,
  { name, key }: RowTable<T>,
  keys: readonly Key[],
): Promise<void> => {
  if (keys.length === 0) return;
  await tx.query(
    `delete from ${schema}.${name} stored using unnest($1::text[], $2::text[]) as wanted (account_id, id)
     where ${sameKey(key)}`,
    keyColumns(keys),
  );
};

/** One event's effect on one row. */
export interface RowChange<T> {
  readonly accountId: string;
  readonly id: string;
  /** True where the event is the row's first, so that there is none to load. */
  readonly creates: boolean;
  /** The next state from the state so far; undefined where there is no row. The same object where nothing changes. */
  readonly evolve: (before: T | undefined) => T | undefined;
}

type Rows<T> = ReadonlyMap<string, Row<T>>;

const keyOf = ({ accountId, id }: { readonly accountId: string; readonly id: string }): string => `${accountId}/${id}`;

/** The rows that the changes start from. */
const findRows = async <T>(target: Target, table: RowTable<T>, changes: readonly RowChange<T>[]): Promise<Rows<T>> => {
  const created = new Set(changes.filter(({ creates }) => creates).map(keyOf));
  const wanted = new Map(changes.map((change) => [keyOf(change), change]));
  const rows = await loadRows(
    target,
    table,
    [...wanted.values()].filter((change) => !created.has(keyOf(change))),
  );
  return new Map(rows.map((row) => [keyOf(row), row]));
};

/** The rows as the changes leave them; those that nothing changed are the very same objects. */
const fold = <T>(found: Rows<T>, changes: readonly RowChange<T>[]): Rows<T> => {
  const rows = new Map(found);
  for (const change of changes) {
    const { accountId, id, evolve } = change;
    const before = rows.get(keyOf(change))?.document;
    const document = evolve(before);
    if (document === undefined) rows.delete(keyOf(change));
    else if (document !== before) rows.set(keyOf(change), { accountId, id, document });
  }
  return rows;
};

/** Takes the changes of a batch, in order, into a table: one statement each to load, remove and write rows. */
export const applyRowChanges = async <T>(
  target: Target,
  table: RowTable<T>,
  changes: readonly RowChange<T>[],
): Promise<void> => {
  const found = await findRows(target, table, changes);
  const left = fold(found, changes);
  const removed = [...found].filter(([key]) => !left.has(key)).map(([, row]) => row);
  const written = [...left].filter(([key, row]) => found.get(key) !== row).map(([, row]) => row);
  await removeRows(target, table, removed);
  await writeRows(target, table, written);
};
