import type { Page } from '@keyledger/contract';
import { idForms } from '@keyledger/domain';
import { keysOf, listScope, pageOf } from '@keyledger/edge';
import { sql, type RawBuilder } from 'kysely';
import { isByName, type ListInput, type Sort } from './list-input.js';
import type { ListingTables } from './listing-tables.js';
import { searchKey } from './search-key.js';

/** A condition in SQL on the rows of one table. */
export type Condition = RawBuilder<unknown>;

/** What a list sorts by. Ids break ties, so the order is the same every time. */
export interface SortKeys {
  readonly createdAt: string;
  readonly name: string | null;
  readonly id: string;
}

/** One list: what is in it, and which rows those are. */
export interface List<T> {
  readonly table: string;
  /** Everything that decides what is in the list, so that cursors of other lists are told apart. */
  readonly filters: readonly unknown[];
  /**
   * The list is the union of these parts, each given by its conditions. They share no row. A part whose conditions are
   * equalities and ranges can be read from an index in the order of the list, which their disjunction could not.
   */
  readonly parts: readonly (readonly Condition[])[];
  readonly keys: (document: T) => SortKeys;
}

/** The sort key and the id of the last item of the page before. */
type After = readonly [string | null, string];

/** The times that events can have; databases disagree about others. */
const timeForm = /^(?:19[7-9]\d|2\d{3})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const MAX_KEY_LENGTH = 1_000;

const isId = (key: unknown): boolean =>
  typeof key === 'string' && Object.values(idForms).some((form) => form.test(key));
const isTime = (key: unknown): boolean =>
  typeof key === 'string' && timeForm.test(key) && new Date(Date.parse(key) || 0).toISOString() === key;
const isNameKey = (key: unknown): boolean =>
  key === null || (typeof key === 'string' && key.length <= MAX_KEY_LENGTH && !key.includes('\0'));

const isAfter =
  (sort: Sort) =>
  (keys: readonly unknown[]): keys is After =>
    keys.length === 2 && (isByName(sort) ? isNameKey(keys[0]) : isTime(keys[0])) && isId(keys[1]);

/** What comes after a page, again as parts: things without a name are apart, because they come last either way. */
const regions = (sort: Sort, after: After | undefined): readonly (readonly Condition[])[] => {
  const beyond = sql.raw(sort.startsWith('-') ? '<' : '>');
  if (!isByName(sort)) {
    return after === undefined ? [[]] : [[sql`(created_at, id) ${beyond} (${after[0]}::timestamptz, ${after[1]})`]];
  }
  const unnamed = sql`name_key is null`;
  if (after === undefined) return [[sql`name_key is not null`], [unnamed]];
  const [name, id] = after;
  return name === null
    ? [[unnamed, sql`id ${beyond} ${id}`]]
    : [[sql`(name_key, id) ${beyond} (${name}, ${id})`], [unnamed]];
};

/** The union of the parts in the order of the list, its first `limit` rows. */
const listQuery = <T>(
  from: Condition,
  parts: readonly (readonly Condition[])[],
  sort: Sort,
  limit: number,
): RawBuilder<{ document: T }> => {
  const column = sql.ref(isByName(sort) ? 'name_key' : 'created_at');
  const direction = sql.raw(sort.startsWith('-') ? 'desc' : 'asc');
  const selects = parts.map((conditions) => {
    const where = sql.join([sql`true`, ...conditions], sql` and `);
    return sql`(select document, created_at, name_key, id from ${from} where ${where}
      order by ${column} ${direction}, id ${direction} limit ${limit})`;
  });
  return sql`select document from (${sql.join(selects, sql` union all `)}) page
    order by ${column} ${direction} nulls last, id ${direction} limit ${limit}`;
};

/** Reads one page of a list. Throws the problem for a cursor that is not of this list and sort. */
export const readPage = async <T>(tables: ListingTables, list: List<T>, input: ListInput): Promise<Page<T>> => {
  const { sort, limit } = input;
  const scope = listScope(list.table, sort, ...list.filters);
  const after = keysOf(input.cursor, scope, isAfter(sort));
  const parts = list.parts.flatMap((part) => regions(sort, after).map((region) => [...part, ...region]));
  const rows = await tables.rows(listQuery<T>(tables.table(list.table), parts, sort, limit + 1));
  const documents = rows.map(({ document }) => document);
  return pageOf(documents, limit, scope, (document) => {
    const { createdAt, name, id } = list.keys(document);
    if (!isByName(sort)) return [createdAt, id];
    return [name === null ? null : searchKey(name), id];
  });
};

/** Conditions for what `q` finds: a prefix, in any case, of the id or of a search key. */
export const searchConditions = (q: string | undefined, keyColumns: readonly string[]): readonly Condition[] => {
  if (q === undefined || q === '') return [];
  const key = searchKey(q);
  const matches = keyColumns.map((column) => sql`${sql.ref(column)} ^@ ${key}`);
  return [sql`(${sql.join([...matches, sql`id ^@ ${q.toLowerCase()}`], sql` or `)})`];
};

/** The filters that were given, as equalities. */
export const equalities = (filters: Readonly<Record<string, string | undefined>>): readonly Condition[] =>
  Object.entries(filters).flatMap(([column, value]) =>
    value === undefined ? [] : [sql`${sql.ref(column)} = ${value}`],
  );
