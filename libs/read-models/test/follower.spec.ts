import { EventEmitter, once } from 'node:events';
import { firstEvent, TcpProxy, createDatabase, type TestDatabase } from '@keyledger/testing';
import { NotSent } from '@keyledger/postgres';
import pg from 'pg';
import { openPostgresEventLog, type EventLog, type Position } from '@keyledger/event-log';
import { PostgresSink, runFollower, type Follower, type FollowerOptions, type FollowerStatus } from '../src/index.js';
import type { Projection } from '../src/index.js';
import { anEvent, positionsOf } from './events.js';
import { applyWords, createWordsTable, hashOf, wordsIn } from './words-table.js';

const LOCK_SESSIONS = `select pid from pg_locks join pg_stat_activity using (pid)
  where locktype = 'advisory' and datname = current_database() and application_name <> 'keyledger-log'`;

type Given = Partial<Pick<FollowerOptions, 'log' | 'onStatus'>> & { readonly projection?: Partial<Projection> };

describe('Follower', () => {
  let database: TestDatabase;
  let log: EventLog;
  let pool: pg.Pool;
  let schema: string;
  let schemas = 0;
  let stops: AbortController[];
  let followers: Follower[];
  let revision: number;

  beforeEach(async () => {
    database = await createDatabase();
    log = await openPostgresEventLog({ firstEvent, connectionString: database.url });
    pool = new pg.Pool({ connectionString: database.url, max: 20 });
    pool.on('error', () => undefined);
    schema = `words_${(schemas += 1)}`;
    [stops, followers, revision] = [[], [], -1];
    await createWordsTable(pool, schema);
  });

  afterEach(async () => {
    for (const stop of stops) stop.abort();
    await Promise.all(followers.map((follower) => follower.done));
    await log.close();
    await pool.end();
    await database.drop();
  });

  const addWords = async (...words: string[]): Promise<Position> => {
    const events = words.map((word) => anEvent('WordAdded', word));
    const positions = positionsOf(await log.append('words', revision, events));
    revision += words.length;
    return positions.at(-1) ?? '';
  };

  const start = (given: Given = {}): { follower: Follower; stop: AbortController } => {
    const stop = new AbortController();
    const { signal } = stop;
    const words = { name: 'words', schema, version: 1, apply: applyWords, ...given.projection };
    const follower = runFollower({ log, sink: new PostgresSink(pool, words), signal, ...given });
    stops.push(stop);
    followers.push(follower);
    return { follower, stop };
  };

  /** Resolves once the follower says that it is in the state. */
  const reaching = (state: FollowerStatus['state'], given: Given = {}) => {
    let reached: (status: FollowerStatus) => void = () => undefined;
    const status = new Promise<FollowerStatus>((resolve) => (reached = resolve));
    const onStatus = (now: FollowerStatus): void => (now.state === state ? reached(now) : undefined);
    return { ...start({ ...given, onStatus }), status };
  };

  it('brings the tables up to date, then keeps them so, and says how fresh they are', async () => {
    const first = await addWords('a', 'b', 'a');
    const { follower, status } = reaching('live');
    expect(await follower.waitForPosition(first, 5_000)).toBe(true);
    await status;
    expect(follower.ageMs()).toBeLessThan(Infinity);
    const second = await addWords('c');
    expect(await follower.waitForPosition(second, 5_000)).toBe(true);
    expect(await wordsIn(pool, schema)).toEqual([
      { word: 'a', times: 2 },
      { word: 'b', times: 1 },
      { word: 'c', times: 1 },
    ]);
    expect(await follower.stored()).toBe(second);
    expect(follower.status()).toMatchObject({ state: 'live', position: second });
  });

  it('moves its checkpoint past events that mean nothing to it', async () => {
    const { follower } = start();
    const [position = ''] = positionsOf(await log.append('other', -1, [anEvent('SomethingElse')]));
    expect(await follower.waitForPosition(position, 5_000)).toBe(true);
    expect(await wordsIn(pool, schema)).toEqual([]);
  });

  it('says after the time that a position was not reached', async () => {
    const { follower } = start();
    await follower.waitForPosition(await addWords('a'), 5_000);
    const beyond = (await log.head()).replace(/.$/, 'f');
    expect(await follower.waitForPosition(beyond, 30)).toBe(false);
    await expect(follower.waitForPosition(`${'0'.repeat(32)}-${'0'.repeat(16)}`, 30)).rejects.toThrow(RangeError);
  });

  it('goes on from its checkpoint after a restart, and builds the same tables anew', async () => {
    const { follower, stop } = start();
    await follower.waitForPosition(await addWords('a', 'b'), 5_000);
    stop.abort();
    await follower.done;
    const last = await addWords('b', 'c');
    await start().follower.waitForPosition(last, 5_000);
    await createWordsTable(pool, 'rebuilt');
    await start({ projection: { schema: 'rebuilt' } }).follower.waitForPosition(last, 5_000);
    expect(await hashOf(pool, 'rebuilt')).toBe(await hashOf(pool, schema));
  });

  it('lets one instance work, and another take over when the first ends', async () => {
    const first = start();
    await first.follower.waitForPosition(await addWords('a'), 5_000);
    const second = reaching('standby');
    await second.status;
    const seen = await addWords('b');
    expect(await second.follower.waitForPosition(seen, 5_000)).toBe(true); // Whoever has applied it.
    expect(second.follower.status().state).toBe('standby');
    expect(second.follower.ageMs()).toBe(Infinity);
    first.stop.abort();
    expect(await second.follower.waitForPosition(await addWords('c'), 10_000)).toBe(true);
    expect((await wordsIn(pool, schema)).map(({ times }) => times)).toEqual([1, 1, 1]);
  });

  it('writes nothing more once its lock is lost and another instance has gone on', async () => {
    let deliver: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (deliver = resolve));
    await addWords('a', 'b');
    let lead: () => void = () => undefined;
    let standBy: () => void = () => undefined;
    const leading = new Promise<void>((resolve) => (lead = resolve));
    const standingBy = new Promise<void>((resolve) => (standBy = resolve));
    start({
      log: heldBack(log, held),
      onStatus: ({ state }) => (state === 'catching-up' ? lead() : state === 'standby' ? standBy() : undefined),
    });
    await leading;
    await pool.query(`select pg_terminate_backend(pid) from (${LOCK_SESSIONS}) held`);
    const fresh = start();
    expect(await fresh.follower.waitForPosition(await addWords('c'), 5_000)).toBe(true);
    const hash = await hashOf(pool, schema);
    deliver(); // The old one now gets the events that it had asked for when it was the active one.
    await standingBy;
    expect(await hashOf(pool, schema)).toBe(hash);
    expect((await wordsIn(pool, schema)).map(({ times }) => times)).toEqual([1, 1, 1]);
  });

  it('stops at an event that cannot be applied, not before it, and names it without its data', async () => {
    const apply: Projection['apply'] = async (transaction, into, events) => {
      await applyWords(transaction, into, events);
      const poison = events.some(({ data }) => Buffer.from(data).toString() === 'poison');
      if (poison) await transaction.query("select 'poison'::int");
    };
    const events = ['a', 'b', 'poison', 'c'].map((word) => anEvent('WordAdded', word));
    const [, good, poisoned] = positionsOf(await log.append('words', -1, events, 'each'));
    const { follower, status } = reaching('stopped', { projection: { apply } });
    const reason = `Event ${events[2]?.id} (WordAdded) at ${poisoned} cannot be applied: SQLSTATE 22P02.`;
    expect(await status).toMatchObject({ state: 'stopped', position: good, reason });
    await follower.done;
    expect(await wordsIn(pool, schema)).toEqual(['a', 'b'].map((word) => ({ word, times: 1 })));
    expect(await follower.waitForPosition(good ?? '', 20)).toBe(true);
    expect(await follower.waitForPosition(poisoned ?? '', 20)).toBe(false);
  });

  it('stops when the log was restored from an older backup', async () => {
    const { follower, status } = reaching('stopped');
    await follower.waitForPosition(await addWords('a', 'b', 'c'), 5_000);
    await pool.query("delete from event_log.events where stream_id = 'words' and revision > 0");
    expect((await status).reason).toMatch(/replaced, or restored from an older backup/);
    await pool.query("delete from event_log.events where stream_id = 'words' and revision > 0");
    revision = 0;
    await addWords('x', 'y', 'z');
    expect((await reaching('stopped').status).reason).toMatch(/replaced, or restored from an older backup/);
    expect((await wordsIn(pool, schema)).map(({ word }) => word)).toEqual(['a', 'b', 'c']);
  });

  it('does not touch tables of another projection version', async () => {
    const { follower, stop } = start();
    await follower.waitForPosition(await addWords('a'), 5_000);
    stop.abort();
    await follower.done;
    expect((await reaching('stopped', { projection: { version: 2 } }).status).reason).toMatch(
      /version 1, not 2: rebuild/,
    );
  });

  it('says that what it fills cannot take events until it can, however often it tries', async () => {
    let tries = 0;
    const apply: Projection['apply'] = async (...taken) => {
      if ((tries += 1) < 6) throw new NotSent('it is not there');
      await applyWords(...taken);
    };
    const states: string[] = [];
    const { follower } = start({ projection: { apply }, onStatus: ({ state }) => states.push(state) });
    expect(await follower.waitForPosition(await addWords('a'), 20_000)).toBe(true);
    expect(states).toContain('unavailable');
    expect(states.join(' ')).not.toContain('unavailable catching-up unavailable');
  });

  it('says that the log does not answer, and is live again when it does', async () => {
    const proxy = await TcpProxy.before(database.url);
    const distant = await openPostgresEventLog({ firstEvent, connectionString: proxy.url });
    const told = new EventEmitter();
    const live = once(told, 'live');
    const { follower, stop } = start({ log: distant, onStatus: (status) => told.emit(status.state, status) });
    await live;
    const outage = once(told, 'unavailable');
    proxy.behaviour = 'refusing';
    proxy.cut();
    const [status] = (await outage) as [FollowerStatus];
    expect(status.reason).toMatch(/^The event log cannot be read: /);
    const missed = await addWords('a');
    expect(await follower.waitForPosition(missed, 30)).toBe(false);
    const [appliedAgain, liveAgain] = [once(told, 'catching-up'), once(told, 'live')];
    proxy.behaviour = 'open';
    await Promise.all([appliedAgain, liveAgain]);
    expect(follower.status()).toMatchObject({ state: 'live', position: missed });
    expect(follower.status().reason).toBeUndefined();
    stop.abort();
    await follower.done;
    await distant.close();
    await proxy.close();
  });

  it('waits for a database that is away, and goes on when it is back', async () => {
    const { follower } = start();
    await follower.waitForPosition(await addWords('a'), 5_000);
    const outage = reaching('unavailable', {
      projection: { schema: 'later', apply: () => Promise.reject(connectionFailure()) },
    });
    expect((await outage.status).reason).toContain('ECONNRESET');
    for (let round = 0; round < 5; round += 1) {
      await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`);
      await appendSurely(`word ${round}`);
    }
    expect(await follower.waitForPosition(await log.head(), 20_000)).toBe(true);
    expect((await wordsIn(pool, schema)).map(({ times }) => times)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  const appendSurely = async (word: string): Promise<void> => {
    const event = anEvent('WordAdded', word);
    while ((await log.append('words', revision, [event])).kind !== 'ok');
    revision += 1;
  };
});

const connectionFailure = (): Error => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

/** The log, save that a follower gets what it asked for only after `held`, even if it was told to end meanwhile. */
const heldBack = (log: EventLog, held: Promise<void>): EventLog => ({
  ...log,
  async *follow(anchor) {
    for await (const item of log.follow(anchor, new AbortController().signal)) {
      await held;
      yield item;
    }
  },
});
