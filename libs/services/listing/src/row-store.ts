import type pg from 'pg';
import type { Row, RowTable } from './row-tables.js';

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
export const loadRows = async <T>(
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
export const writeRows = async <T>(
  { tx, schema }: Target,
  { name, key, columns, columnsOf }: RowTable<T>,
  rows: readonly Row<T>[],
): Promise<void> => {
  if (rows.length === 0) return;
  const names = Object.keys(columns).join(', ');
  const typed = Object.entries(columns).map(([column, { type }]) => `${column} ${type}`);
  const mutable = Object.entries(columns).flatMap(([column, { mutable }]) => (mutable === true ? [column] : []));
  await tx.query(
    `insert into ${schema}.${name} (${names})
     select ${names} from jsonb_to_recordset($1) as given (${typed.join(', ')})
     on conflict (${key.join(', ')})
     do update set ${mutable.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    [JSON.stringify(rows.map((row) => columnsOf(row)))],
  );
};

export const removeRows = async <T>(
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
