import { openPostgresEventLog, type EventLog, type Position } from '@keyledger/event-log';
import { createDatabase, firstEvent, type TestDatabase } from '@keyledger/testing';
import { runFollower, type Follower, type FollowerOptions } from '../src/index.js';
import { anEvent, positionsOf } from './events.js';
import { MemorySink } from './memory-sink.js';

describe('Follower into memory', () => {
  let database: TestDatabase;
  let log: EventLog;
  let stop: AbortController;
  let followers: Follower[];

  beforeEach(async () => {
    database = await createDatabase();
    log = await openPostgresEventLog({ firstEvent, connectionString: database.url });
    stop = new AbortController();
    followers = [];
  });

  afterEach(async () => {
    stop.abort();
    await Promise.all(followers.map((follower) => follower.done));
    await log.close();
    await database.drop();
  });

  const add = async (streamId: string, revision: number, ...words: string[]): Promise<Position> => {
    const events = words.map((word) => (word === 'poison' ? anEvent('Poison') : anEvent('WordAdded', word)));
    return positionsOf(await log.append(streamId, revision, events)).at(-1) ?? '';
  };

  const start = (sink: MemorySink, onStatus?: FollowerOptions['onStatus']): Follower => {
    const follower = runFollower({ log, sink, onStatus, signal: stop.signal });
    followers.push(follower);
    return follower;
  };

  it('brings it up to date from where it begins, keeps it so, and says how fresh it is', async () => {
    await add('words', -1, 'a', 'b', 'a');
    const all = new MemorySink();
    expect(await start(all).waitForPosition(await log.head(), 5_000)).toBe(true);
    expect(Object.fromEntries(all.words)).toEqual({ a: 2, b: 1 });

    const tail = new MemorySink(all.anchor);
    const live = new Promise<void>((resolve) => {
      const follower = start(tail, ({ state }) => (state === 'live' ? resolve() : undefined));
      expect(follower.ageMs()).toBe(Infinity);
    });
    await live;
    const last = await add('words', 2, 'c', 'a');
    for (const follower of followers) expect(await follower.waitForPosition(last, 5_000)).toBe(true);
    expect(Object.fromEntries(tail.words)).toEqual({ c: 1, a: 1 });
    expect(Object.fromEntries(all.words)).toEqual({ a: 3, b: 1, c: 1 });
    expect(followers[1]?.ageMs()).toBeLessThan(Infinity);
    expect(followers[1]?.status()).toMatchObject({ state: 'live', position: last });
  });

  it('goes on after an event that it cannot read, where the sink can do without', async () => {
    const sink = new MemorySink();
    const follower = start(sink);
    await add('bad', -1, 'a', 'poison', 'b');
    expect(await follower.waitForPosition(await add('good', -1, 'c'), 5_000)).toBe(true);
    expect([...sink.blocked]).toEqual(['bad']);
    expect(Object.fromEntries(sink.words)).toEqual({ a: 1, c: 1 });
  });

  it('stops where the log is not the one that it was filled from', async () => {
    await add('words', -1, 'a');
    const stopped = new Promise((resolve) => {
      const foreign = { position: `${log.logId}-00000000000000ff`, eventId: anEvent().id };
      start(new MemorySink(foreign), (status) => (status.state === 'stopped' ? resolve(status) : undefined));
    });
    expect(await stopped).toMatchObject({ logReplaced: true });
  });
});
