import { createDatabase } from '@keyledger/testing';
import pg from 'pg';

export interface TestDatabase {
  readonly pool: pg.Pool;
  drop(): Promise<void>;
}

/** An empty database of its own and a pool on it. */
export const newDatabase = async (): Promise<TestDatabase> => {
  const database = await createDatabase();
  const pool = new pg.Pool({ connectionString: database.url });
  return {
    pool,
    drop: async () => {
      await pool.end();
      await database.drop();
    },
  };
};

/** All rows of a table as PostgreSQL writes them, which is where a leaked secret would be found. */
export const textOf = async (pool: pg.Pool, table: string): Promise<string> => {
  const { rows } = await pool.query<{ row: string }>(`select t::text as row from ${table} t`);
  return rows.map(({ row }) => row).join('\n');
};
