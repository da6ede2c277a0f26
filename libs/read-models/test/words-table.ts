import { createHash } from 'node:crypto';
import pg from 'pg';
import type { RecordedEvent } from '@keyledger/event-log';

/** A read model to follow into: how often each word was added, and by which event last. Other events leave no trace. */
export const createWordsTable = (pool: pg.Pool, schema: string): Promise<unknown> =>
  pool.query(`create schema if not exists ${schema};
    create table if not exists ${schema}.words (word text primary key, times int not null, last_event uuid not null)`);

/** Deliberately not idempotent by itself: an event that is applied twice shows in `times`. */
export const applyWords = async (
  transaction: pg.ClientBase,
  schema: string,
  events: readonly RecordedEvent[],
): Promise<void> => {
  for (const event of events.filter(({ type }) => type === 'WordAdded')) {
    await transaction.query(
      `insert into ${schema}.words as known values ($1, 1, $2)
       on conflict (word) do update set times = known.times + 1, last_event = excluded.last_event`,
      [Buffer.from(event.data).toString(), event.id],
    );
  }
};

export const wordsIn = async (pool: pg.Pool, schema: string): Promise<{ word: string; times: number }[]> =>
  (await pool.query<{ word: string; times: number }>(`select word, times from ${schema}.words order by word`)).rows;

export const hashOf = async (pool: pg.Pool, schema: string): Promise<string> => {
  const { rows } = await pool.query(`select * from ${schema}.words order by word`);
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
};
