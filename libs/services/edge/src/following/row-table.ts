/** One thing of an account (or the account itself, whose id is then in both places) as its table holds it. */
export interface Row<T> {
  readonly accountId: string;
  readonly id: string;
  readonly document: T;
}

interface Column<T> {
  /** Its type in PostgreSQL, then its constraints. */
  readonly definition: string;
  readonly value: (row: Row<T>) => unknown;
  /** Whether it can change while the row lives. Updates leave the others alone, and so their indexes. */
  readonly mutable?: true;
}

/** A table of rows: what creates it and what is written into it both follow from its columns. */
export interface RowTable<T> {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, Column<T>>>;
  /** What is indexed, and for which rows. */
  readonly indexes: readonly string[];
}

/** The statements that create the table and its indexes in `schema`. */
export const createTable = <T>(schema: string, { name, key, columns, indexes }: RowTable<T>): string => {
  const lines = Object.entries(columns).map(([column, { definition }]) => `${column} ${definition}`);
  const table = `create table ${schema}.${name} (${[...lines, `primary key (${key.join(', ')})`].join(', ')});`;
  return [table, ...indexes.map((index) => `create index on ${schema}.${name} ${index};`)].join('\n');
};
