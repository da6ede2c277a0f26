import { firstEvent, createDatabase, type TestDatabase } from '@keyledger/testing';
import pg from 'pg';
import { openPostgresEventLog, type EventLog } from '@keyledger/event-log';
import { PostgresSink, runFollower } from '../src/index.js';
import { anEvent, positionsOf } from './events.js';
import { applyWords, createWordsTable, hashOf, wordsIn } from './words-table.js';

/** A process that dies at its nth statement: just before it is sent, or just after it was carried out. */
interface Death {
  readonly atStatement: number;
  readonly moment: 'before' | 'after';
}

type Query = (...given: unknown[]) => Promise<unknown>;
type Callback = (...given: unknown[]) => void;

const NAME = 'dying-follower';

const dyingPool = (connectionString: string, { atStatement, moment }: Death) => {
  let statements = 0;
  let dead = false;
  let die: () => void = () => undefined;
  const died = new Promise<void>((resolve) => (die = resolve));
  // A dead process sees no answer.
  const kill = (): Promise<never> => {
    dead = true;
    die();
    return new Promise(() => undefined);
  };
  const deadly = (query: Query): Query => {
    return async (...given) => {
      statements += 1;
      const last = statements === atStatement;
      if (dead || (last && moment === 'before')) return kill();
      const callback = typeof given.at(-1) === 'function' ? (given.pop() as Callback) : undefined;
      const result = await query(...given);
      return last || dead ? kill() : (callback?.(undefined, result), result);
    };
  };

  const pool = new pg.Pool({ connectionString, max: 5, application_name: NAME });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    Object.assign(client, { query: deadly(client.query.bind(client) as Query) });
  });
  return { pool, died, count: () => statements };
};

describe('Follower that is killed', () => {
  let database: TestDatabase;
  let log: EventLog;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await createDatabase();
    log = await openPostgresEventLog({ firstEvent, connectionString: database.url });
    pool = new pg.Pool({ connectionString: database.url, max: 5 });
    pool.on('error', () => undefined);
    const events = ['a', 'b', 'a', 'c'].map((word) => anEvent('WordAdded', word));
    positionsOf(await log.append('words', -1, events));
  });

  afterAll(async () => {
    await log.close();
    await pool.end();
    await database.drop();
  });

  /** Follows into the schema. `live` resolves when everything is applied. */
  const follow = (schema: string, through: pg.Pool) => {
    const stop = new AbortController();
    let reached: () => void = () => undefined;
    const live = new Promise<void>((resolve) => (reached = resolve));
    const follower = runFollower({
      log: inPairs(log),
      sink: new PostgresSink(through, { name: 'words', schema, version: 1, apply: applyWords }),
      onStatus: ({ state }) => (state === 'live' ? reached() : undefined),
      signal: stop.signal,
    });
    const end = async (): Promise<void> => {
      await live;
      stop.abort();
      await follower.done;
    };
    return { end, stop };
  };

  it('leaves tables from which the next one makes the same, at whichever statement it dies', async () => {
    await createWordsTable(pool, 'unharmed');
    const counting = dyingPool(database.url, { atStatement: Infinity, moment: 'before' });
    await follow('unharmed', counting.pool).end();
    await counting.pool.end();
    expect(counting.count()).toBeGreaterThan(10);
    expect((await wordsIn(pool, 'unharmed')).map(({ times }) => times)).toEqual([2, 1, 1]);

    for (let atStatement = 1; atStatement <= counting.count(); atStatement += 1) {
      for (const moment of ['before', 'after'] as const) {
        const schema = `killed_${moment}_${atStatement}`;
        await createWordsTable(pool, schema);
        const dying = dyingPool(database.url, { atStatement, moment });
        const { stop } = follow(schema, dying.pool);
        await dying.died;
        stop.abort();
        // The sessions of a dead process end, and what they had begun is rolled back.
        await pool.query('select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = $1', [
          NAME,
        ]);
        await follow(schema, pool).end();
        expect({ schema, hash: await hashOf(pool, schema) }).toEqual({ schema, hash: await hashOf(pool, 'unharmed') });
      }
    }
  });
});

/** The log in small batches, so that there are several transactions to die in. */
const inPairs = (log: EventLog): EventLog => ({
  ...log,
  async *follow(anchor, signal) {
    for await (const item of log.follow(anchor, signal)) {
      if (item.kind !== 'events') yield item;
      else {
        for (let from = 0; from < item.events.length; from += 2) {
          yield { kind: 'events', events: item.events.slice(from, from + 2) };
        }
      }
    }
  },
});
