import { openPostgresEventLog, type EventLog } from '@keyledger/event-log';
import { firstEvent, TcpProxy } from '@keyledger/testing';
import { ServedFeed, until } from './serving-feed.js';
import { newAccountId, openStores, registration, renaming, type Stores } from './stores.js';

let stores: Stores;
let proxy: TcpProxy;
/** The log as the server reads it. */
let log: EventLog;
let served: ServedFeed;

beforeEach(async () => {
  stores = await openStores();
  proxy = await TcpProxy.before(stores.url);
  log = await openPostgresEventLog({ firstEvent, connectionString: proxy.url, streamPrefix: '' });
  served = await ServedFeed.open({ ...stores, log });
});
afterEach(async () => {
  await served.remove();
  await log.close();
  await proxy.close();
  await stores.drop();
});

it('goes on where it was once the database is back, for those who are live and those who catch up', async () => {
  const id = newAccountId();
  await stores.append(id, registration(id), renaming('before'));
  const live = await served.subscribe('?from=0');
  const other = await served.subscribe();
  await live.untilCount(2);
  proxy.behaviour = 'refusing';
  proxy.cut();
  await stores.append(id, renaming('one'), renaming('two'));
  // It tries, and is refused.
  await until(() => proxy.refused > 2);
  expect([live.isOver, other.isOver]).toEqual([false, false]);
  proxy.behaviour = 'open';
  await stores.append(id, renaming('after'));
  await Promise.all([live.untilCount(5), other.untilCount(3)]);
  const late = await served.subscribe('?from=0');
  await late.untilCount(5);
  const sequences = late.events.map(({ sequence }) => Number(sequence));
  expect(sequences).toEqual([0, 1, 2, 3, 4]);
  expect(live.events).toEqual(late.events);
  expect(other.events).toEqual(late.events.slice(2));
});

it('ends, rather than to tell what is no longer true, where the log was restored to an earlier time', async () => {
  const id = newAccountId();
  const positions = await stores.append(id, registration(id), renaming('kept'), renaming('lost'));
  const subscriber = await served.subscribe('?from=0');
  await subscriber.untilCount(3);
  proxy.behaviour = 'refusing';
  proxy.cut();
  await stores.pool.query(`delete from event_log.events where revision = 2 and stream_id like '%' || $1`, [id]);
  await stores.append(id, renaming('another'));
  proxy.behaviour = 'open';
  await until(() => subscriber.isOver);
  expect(subscriber.events.map(({ position }) => position)).toEqual(positions);
  expect(subscriber.end?.code).toBe('log-replaced');
  expect((await served.subscribe(`?from=${positions[0]}`)).response.status).toBe(503);
});
