import type { Page } from '@keyledger/contract';
import { idForms } from '@keyledger/domain';
import { keysOf, listScope, QueryOneOf, PageInput, pageOf, Text } from '@keyledger/edge';
import { searchKey, type ListingTables } from './tables.js';

const sorts = ['-createdAt', 'createdAt', 'name', '-name'] as const;
type Sort = (typeof sorts)[number];

export const isByName = (sort: Sort): boolean => sort === 'name' || sort === '-name';

/** What every list of named things takes beside its own filters. */
export class ListInput extends PageInput {
  @Text({ min: 0, max: 200, optional: true, description: 'Only what has a name, public part or id that begins so.' })
  q?: string;

  @QueryOneOf(sorts, {
    optional: true,
    description: '`-createdAt` unless given. Names sort in any case; what has no name comes last, either way.',
  })
  sort: Sort = '-createdAt';
}

/** Takes a value into the parameters of a query; gives what stands for it there. */
type Bind = (value: unknown) => string;

/** A condition in SQL on the rows of one table. Values come into it through `bind` alone. */
export type Condition = (bind: Bind) => string;

/** Sets of conditions; those of one set all hold. */
type Parts = readonly (readonly Condition[])[];

/** What a list sorts by. Ids break ties, so the order is the same every time. */
interface SortKeys {
  readonly createdAt: string;
  readonly name: string | null;
  readonly id: string;
}

/** One list: what is in it, and which rows those are. */
export interface List<T, S> {
  readonly table: Parameters<ListingTables['table']>[0];
  /** Everything that decides what is in the list, so that cursors of other lists are told apart. */
  readonly filters: readonly unknown[];
  /**
   * The list is the union of these parts, each given by its conditions. They share no row. A part whose conditions are
   * equalities and ranges can be read from an index in the order of the list, which their disjunction could not.
   */
  readonly parts: Parts;
  /** What is read of a row, in SQL; its whole document unless given. */
  readonly document?: string;
  readonly keys: (document: T) => SortKeys;
  /** Gives how a row is shown, with what had to be found out of all of them. */
  readonly show: (documents: readonly T[]) => ((document: T) => S) | Promise<(document: T) => S>;
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
const regions = (sort: Sort, after: After | undefined): Parts => {
  const beyond = sort.startsWith('-') ? '<' : '>';
  if (!isByName(sort)) {
    if (after === undefined) return [[]];
    return [[(bind) => `(created_at, id) ${beyond} (${bind(after[0])}::timestamptz, ${bind(after[1])})`]];
  }
  const unnamed: Condition = () => 'name_key is null';
  if (after === undefined) return [[() => 'name_key is not null'], [unnamed]];
  const [name, id] = after;
  return name === null
    ? [[unnamed, (bind) => `id ${beyond} ${bind(id)}`]]
    : [[(bind) => `(name_key, id) ${beyond} (${bind(name)}, ${bind(id)})`], [unnamed]];
};

interface From {
  readonly table: string;
  readonly document: string;
}

/** The union of the parts in the order of the list, one row more than `limit`. */
const listQuery = (from: From, parts: Parts, { sort, limit }: ListInput, bind: Bind): string => {
  const column = isByName(sort) ? 'name_key' : 'created_at';
  const direction = sort.startsWith('-') ? 'desc' : 'asc';
  const most = bind(limit + 1);
  const selects = parts.map((conditions) => {
    const where = ['true', ...conditions.map((condition) => condition(bind))].join(' and ');
    return `(select ${from.document} as document, created_at, name_key, id from ${from.table} where ${where}
      order by ${column} ${direction}, id ${direction} limit ${most})`;
  });
  return `select document from (${selects.join(' union all ')}) page
    order by ${column} ${direction} nulls last, id ${direction} limit ${most}`;
};

/** Reads one page of a list. Throws the problem for a cursor that is not of this list and sort. */
export const readPage = async <T, S>(tables: ListingTables, list: List<T, S>, input: ListInput): Promise<Page<S>> => {
  const { sort, limit } = input;
  const scope = listScope(list.table, sort, ...list.filters);
  const after = keysOf(input.cursor, scope, isAfter(sort));
  const parts = list.parts.flatMap((part) => regions(sort, after).map((region) => [...part, ...region]));
  const values: unknown[] = [];
  const from = { table: tables.table(list.table), document: list.document ?? 'document' };
  const query = listQuery(from, parts, input, (value) => `$${values.push(value)}`);
  const rows = await tables.rows<{ document: T }>(query, values);
  const documents = rows.map(({ document }) => document);
  const keys = (document: T): After => {
    const { createdAt, name, id } = list.keys(document);
    if (!isByName(sort)) return [createdAt, id];
    return [name === null ? null : searchKey(name), id];
  };
  return pageOf(documents, limit, { scope, keys, show: await list.show(documents) });
};

/** Conditions for what `q` finds: a prefix, in any case, of the id or of a search key. */
export const searchConditions = (q: string | undefined, keyColumns: readonly string[]): readonly Condition[] => {
  if (q === undefined || q === '') return [];
  return [
    (bind) => {
      const key = bind(searchKey(q));
      const matches = keyColumns.map((column) => `${column} ^@ ${key}`);
      return `(${[...matches, `id ^@ ${bind(q.toLowerCase())}`].join(' or ')})`;
    },
  ];
};

/** The filters that were given, as equalities. */
export const equalities = (filters: Readonly<Record<string, string | undefined>>): readonly Condition[] =>
  Object.entries(filters).flatMap(([column, value]) =>
    value === undefined ? [] : [(bind: Bind) => `${column} = ${bind(value)}`],
  );
