import { createDatabase, type TestDatabase } from '@keyledger/testing';
import type pg from 'pg';
import { LogBinding, openLogBinding, WrongLog } from '../src/index.js';
import { newPool } from './database.js';

const [FIRST, COPY, STRANGER] = ['a', 'b', 'c'].map((digit) => digit.repeat(32)) as [string, string, string];

let database: TestDatabase;
let pool: pg.Pool;
let schemas = 0;
let bindingOf: (logId: string) => LogBinding;

beforeAll(async () => {
  database = await createDatabase();
  pool = newPool(database.url);
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

beforeEach(async () => {
  const prefix = `blue_${(schemas += 1)}_`;
  await (await openLogBinding(pool, (part) => prefix + part, FIRST)).claim();
  bindingOf = (logId) => new LogBinding(pool, `${prefix}secrets`, logId);
});

const current = async (): Promise<readonly string[]> => {
  const found = await Promise.all([FIRST, COPY, STRANGER].map((logId) => bindingOf(logId).isCurrent()));
  return [FIRST, COPY, STRANGER].filter((_, index) => found[index]);
};

describe('the log that secrets belong to', () => {
  it('is the first one that is written to', async () => {
    await bindingOf(FIRST).claim();
    expect(await current()).toEqual([FIRST]);
  });

  it('is one and the same for processes that start together', async () => {
    await Promise.all([FIRST, FIRST, FIRST].map((logId) => bindingOf(logId).claim()));
    expect(await current()).toEqual([FIRST]);
  });

  it('is no other log', async () => {
    await expect(bindingOf(STRANGER).claim()).rejects.toThrow(WrongLog);
    expect(await current()).toEqual([FIRST]);
  });

  it('becomes a copy only once somebody writes to it', async () => {
    expect(await bindingOf(FIRST).allowCopy(COPY)).toBe(true);
    expect(await current()).toEqual([FIRST]);
    await bindingOf(COPY).claim();
    expect(await current()).toEqual([COPY]);
  });

  it('becomes no copy that a writer has left behind', async () => {
    await bindingOf(FIRST).allowCopy(COPY);
    await bindingOf(FIRST).claim();
    await expect(bindingOf(COPY).claim()).rejects.toThrow(WrongLog);
    expect(await current()).toEqual([FIRST]);
  });

  it('is not gone back to without another copy', async () => {
    await bindingOf(FIRST).allowCopy(COPY);
    await bindingOf(COPY).claim();
    await expect(bindingOf(FIRST).claim()).rejects.toThrow(/moved/);
    expect(await bindingOf(COPY).allowCopy(FIRST)).toBe(true);
    await bindingOf(FIRST).claim();
    expect(await current()).toEqual([FIRST]);
  });

  it('is not taken over by a copy of a log that it is not', async () => {
    expect(await bindingOf(STRANGER).allowCopy(COPY)).toBe(false);
    await expect(bindingOf(COPY).claim()).rejects.toThrow(WrongLog);
  });
});
