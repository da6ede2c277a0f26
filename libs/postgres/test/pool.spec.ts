import { createDatabase, setUnusualDefaults, type TestDatabase } from '@keyledger/testing';
import type pg from 'pg';
import { inTransaction, openPool } from '../src/index.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
  await setUnusualDefaults(database.url);
});

afterAll(() => database.drop());

const withPool = async <T>(work: (pool: pg.Pool) => Promise<T>, ...given: Parameters<typeof openPool>): Promise<T> => {
  const pool = openPool(...given);
  return work(pool).finally(() => pool.end());
};

const settingsIn = async (pool: pg.Pool, names: readonly string[]): Promise<Record<string, string>> => {
  const text = 'select name, current_setting(name) as value from unnest($1::text[]) name';
  const { rows } = await pool.query<{ name: string; value: string }>(text, [names]);
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
};

const OURS = {
  DateStyle: 'ISO, MDY',
  TimeZone: 'UTC',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  client_encoding: 'UTF8',
  search_path: 'pg_catalog,pg_temp',
  standard_conforming_strings: 'on',
  default_transaction_isolation: 'read committed',
  jit: 'off',
};

const optionsIn = (options: string): string => `${database.url}?options=${encodeURIComponent(options)}`;

describe('a session of openPool', () => {
  it('has our settings, whatever the database says', () =>
    withPool(async (pool) => expect(await settingsIn(pool, Object.keys(OURS))).toEqual(OURS), database.url));

  it('has them whatever the role and the URL say, and leaves other options of the URL alone', async () => {
    const { rows } = await withPool(
      (pool) => pool.query<{ role: string }>('select current_user as role'),
      database.url,
    );
    const role = `alter role ${rows[0]?.role} in database ${new URL(database.url).pathname.slice(1)}`;
    await withPool(
      (pool) => pool.query(`${role} set datestyle = 'SQL'; ${role} set timezone = 'Asia/Tokyo'`),
      database.url,
    );
    const url = `${optionsIn('-c datestyle=German -c work_mem=5MB --search_path=nowhere')}&application_name=tester`;
    const expected = { ...OURS, work_mem: '5MB', application_name: 'tester' };
    await withPool(async (pool) => expect(await settingsIn(pool, Object.keys(expected))).toEqual(expected), url);
  });

  it('has the settings of its pool as well', () =>
    withPool(
      async (pool) => expect(await settingsIn(pool, ['enable_seqscan'])).toEqual({ enable_seqscan: 'off' }),
      database.url,
      { max: 1 },
      { enable_seqscan: 'off' },
    ));

  it('gives times, bytes and texts as they are', () =>
    withPool(async (pool) => {
      const at = new Date('2021-05-20T12:34:56.789Z');
      const bytes = Buffer.from([0, 92, 255]);
      const { rows } = await pool.query(
        `select $1::timestamptz as at, $1::timestamptz::text as "atText", $2::bytea as bytes, 'a\\b ü' as text`,
        [at, bytes],
      );
      expect(rows).toEqual([{ at, atText: '2021-05-20 12:34:56.789+00', bytes, text: 'a\\b ü' }]);
    }, database.url));

  it('can ask another isolation level for one transaction', () =>
    withPool(async (pool) => {
      const level = async (client: pg.PoolClient | pg.Pool) =>
        (await client.query<{ level: string }>(`select current_setting('transaction_isolation') as level`)).rows[0]
          ?.level;
      expect(await inTransaction(pool, 10_000, level, 'begin isolation level repeatable read')).toBe('repeatable read');
      expect(await inTransaction(pool, 10_000, level)).toBe('read committed');
    }, database.url));
});

describe('openPool', () => {
  it('survives the loss of a connection, idle or in use', () =>
    withPool(
      async (pool) => {
        const [idle, used] = [await pool.connect(), await pool.connect()];
        idle.release();
        const ended = Promise.all([idle, used].map((client) => new Promise((resolve) => client.once('end', resolve))));
        await withPool(
          (other) =>
            other.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'to be lost'`),
          database.url,
        );
        await ended;
        await expect(used.query('select 1')).rejects.toThrow();
        used.release(true);
        expect((await pool.query<{ one: number }>('select 1 as one')).rows).toEqual([{ one: 1 }]);
      },
      database.url,
      { application_name: 'to be lost' },
    ));
});
