import { firstEvent, createDatabase, type TestDatabase } from '@keyledger/testing';
import { NO_STREAM, openPostgresEventLog, type EventLog, type RecordedEvent } from '../src/index.js';
import { anEvent, positionsOf } from './events.js';

describe('a page of the PostgreSQL log', () => {
  let database: TestDatabase;
  let log: EventLog;

  beforeAll(async () => {
    database = await createDatabase();
    log = await openPostgresEventLog({ firstEvent, connectionString: database.url });
  });

  afterAll(async () => {
    await log.close();
    await database.drop();
  });

  it('ends early for a follower too where events are large, and none of them is lost', async () => {
    const first = anEvent();
    const [position = ''] = positionsOf(await log.append('large', NO_STREAM, [first]));
    const events = Array.from({ length: 90 }, () => anEvent('ThingHappened', 'x'.repeat(100_000)));
    for (let from = 0; from < 90; from += 10)
      positionsOf(await log.append('large', from, events.slice(from, from + 10)));
    const ids = events.map(({ id }) => id);
    const followed: (readonly RecordedEvent[])[] = [];
    for await (const item of log.follow({ position, eventId: first.id }, new AbortController().signal)) {
      if (item.kind === 'caught-up') break;
      if (item.kind === 'events') followed.push(item.events);
    }
    expect(followed.flat().map(({ id }) => id)).toEqual(ids);
    // 4 MiB, and the event that ends it.
    expect(Math.max(...followed.map(({ length }) => length))).toBe(42);
  });
});
