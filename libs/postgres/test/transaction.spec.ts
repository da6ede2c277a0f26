import { createDatabase, TcpProxy, type TestDatabase } from '@keyledger/testing';
import type pg from 'pg';
import {
  advisoryKey,
  inLockedTransaction,
  inTransaction,
  isPassing,
  NoReply,
  NotSent,
  openPool,
} from '../src/index.js';

const DEADLINE_MS = 30_000;
const KEY = advisoryKey('test', 'transaction');

let database: TestDatabase;
let proxy: TcpProxy;
let pool: pg.Pool;
let throughProxy: pg.Pool;

beforeAll(async () => {
  database = await createDatabase();
  proxy = await TcpProxy.before(database.url);
  pool = openPool(database.url);
  throughProxy = openPool(proxy.url);
  await pool.query('create table public.words (word text primary key)');
});

afterAll(async () => {
  await throughProxy.end();
  await pool.end();
  await proxy.close();
  await database.drop();
});

beforeEach(() => pool.query('truncate public.words'));

const add = (client: pg.ClientBase, word: string) => client.query('insert into public.words values ($1)', [word]);

const words = async (): Promise<string[]> =>
  (await pool.query<{ word: string }>('select word from public.words order by word')).rows.map(({ word }) => word);

/** Nobody has locked anything in the table: every transaction that wrote to it is over. */
const settled = async (): Promise<void> => {
  await pool.query('begin; lock table public.words in access exclusive mode; commit');
};

describe('inTransaction', () => {
  it('is committed when it resolves, with what the work gave', async () => {
    expect(await inTransaction(pool, DEADLINE_MS, (client) => add(client, 'a').then(() => 'done'))).toBe('done');
    expect(await words()).toEqual(['a']);
  });

  it('changes nothing when the work throws, and throws the same', async () => {
    const trouble = new Error('trouble');
    const work = async (client: pg.PoolClient): Promise<never> => {
      await add(client, 'a');
      throw trouble;
    };
    await expect(inTransaction(pool, DEADLINE_MS, work)).rejects.toBe(trouble);
    await settled();
    expect(await words()).toEqual([]);
  });

  it('throws when the work has swallowed an error, since the server has rolled back', async () => {
    const work = async (client: pg.PoolClient): Promise<void> => {
      await add(client, 'a');
      await add(client, 'a').catch(() => undefined);
    };
    await expect(inTransaction(pool, DEADLINE_MS, work)).rejects.toThrow('unnoticed');
    expect(await words()).toEqual([]);
  });

  it('throws NoReply after the deadline, though the work goes on for ever', async () => {
    let later: pg.PoolClient | undefined;
    const work = async (client: pg.PoolClient): Promise<never> => {
      await add(client, 'a');
      later = client;
      return new Promise(() => undefined);
    };
    const rejected = await inTransaction(pool, 50, work).catch((error: unknown) => error);
    expect(rejected).toBeInstanceOf(NoReply);
    expect(isPassing(rejected)).toBe(true);
    await expect(later?.query('select 1')).rejects.toThrow();
    await settled();
    expect(await words()).toEqual([]);
  });

  it('throws NoReply when the connection is lost while the work asks nothing', async () => {
    const work = async (client: pg.PoolClient): Promise<never> => {
      await add(client, 'a');
      proxy.cut();
      return new Promise(() => undefined);
    };
    await expect(inTransaction(throughProxy, DEADLINE_MS, work)).rejects.toThrow(NoReply);
    await settled();
    expect(await words()).toEqual([]);
  });

  it('throws NotSent when there is no connection, which passes only if its cause does', async () => {
    const work = (): Promise<void> => Promise.reject(new Error('must not run'));
    const nowhere = openPool(new URL('/nowhere', database.url).href);
    const missing = await inTransaction(nowhere, DEADLINE_MS, work).catch((error: unknown) => error);
    expect([missing instanceof NotSent, isPassing(missing)]).toEqual([true, false]);
    await nowhere.end();
    const taken = openPool(database.url, { max: 1, connectionTimeoutMillis: 1_000 });
    const client = await taken.connect();
    const late = await inTransaction(taken, DEADLINE_MS, work).catch((error: unknown) => error);
    expect([late instanceof NotSent, isPassing(late)]).toEqual([true, true]);
    client.release();
    await taken.end();
  });
});

describe('inLockedTransaction', () => {
  it('runs one at a time, and each sees what the one before has committed', async () => {
    const count = async (client: pg.PoolClient): Promise<void> => {
      const { rows } = await client.query<{ count: string }>('select count(*) from public.words');
      await add(client, `word-${rows[0]?.count}`);
    };
    await Promise.all(Array.from({ length: 8 }, () => inLockedTransaction(pool, DEADLINE_MS, KEY, count)));
    expect(await words()).toHaveLength(8);
  });

  it('makes what is missing once, also where a connection has looked for it in vain before', async () => {
    const later = openPool(database.url, { max: 1 });
    try {
      // The server keeps for this connection all that it needs to make a schema, and that there is none of this name.
      await later.query('begin; create schema if not exists other; rollback');
      await later.query("select to_regclass('made.words')");
      const make = (client: pg.PoolClient) => client.query('create schema if not exists made');
      let second: Promise<unknown> | undefined;
      await inLockedTransaction(pool, DEADLINE_MS, KEY, async (client) => {
        second = inLockedTransaction(later, DEADLINE_MS, KEY, make);
        const waiting = "select 1 from pg_locks where locktype = 'advisory' and not granted";
        while ((await client.query(waiting)).rowCount === 0) await client.query('select pg_sleep(0.01)');
        await make(client);
      });
      await expect(second).resolves.toMatchObject({ command: 'CREATE' });
    } finally {
      await later.end();
    }
  });
});
