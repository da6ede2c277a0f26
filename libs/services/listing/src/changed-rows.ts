import { loadRows, removeRows, writeRows, type Target } from './row-store.js';
import type { Row, RowTable } from './row-tables.js';

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
export const applyChanges = async <T>(
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
