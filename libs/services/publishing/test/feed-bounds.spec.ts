import { once } from 'node:events';
import { connect } from 'node:net';
import { status, type ServiceError } from '@grpc/grpc-js';
import { accountStream, type AccountEvent } from '@keyledger/domain';
import { v4 as uuid } from 'uuid';
import { ServedFeed, until } from './serving-feed.js';
import { newAccountId, openStores, registration, renaming, type Stores } from './stores.js';

let stores: Stores;
let served: ServedFeed;
beforeEach(async () => {
  stores = await openStores();
});
afterEach(async () => {
  await served.remove();
  await stores.drop();
});

const names = (count: number, length = 10): readonly AccountEvent[] =>
  Array.from({ length: count }, (_, number) => renaming(`${number} `.padEnd(length, 'x')));

const account = async (): Promise<string> => {
  const id = newAccountId();
  await stores.append(id, registration(id));
  return id;
};

/** So many events more, of accounts that have few, with names of this length. */
const append = async (count: number, length = 10): Promise<void> => {
  const most = Math.min(200, Math.floor(900_000 / length));
  for (let rest = count; rest > 0; rest -= most) {
    await stores.append(newAccountId(), ...names(Math.min(most, rest), length));
  }
};

it('reads the log once for all who are live', async () => {
  served = await ServedFeed.open(stores, { KEYLEDGER_FEED_SUBSCRIBERS: '2000' });
  const before = { ...served.reads };
  const subscribers = [];
  for (let group = 0; group < 10; group += 1) {
    subscribers.push(...(await Promise.all(Array.from({ length: 100 }, () => served.subscribe()))));
  }
  expect(await served.metric('keyledger_feed_subscribers')).toBe(1_000);
  await append(5);
  await Promise.all(subscribers.map((subscriber) => subscriber.untilCount(5)));
  expect(subscribers.map(({ events }) => events.length)).toEqual(Array<number>(1_000).fill(5));
  expect(served.reads).toEqual(before);
  const { response } = await served.subscribe();
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '5']);
});

it('takes so many subscribers, half of them of one caller, and others as soon as one has left', async () => {
  served = await ServedFeed.open(stores, { KEYLEDGER_FEED_SUBSCRIBERS: '4' });
  const codeOf = async (subject: string): Promise<number> => (await served.subscribe('', { subject })).response.status;
  const first = await served.subscribe('', { subject: 'one' });
  expect([await codeOf('one'), await codeOf('one'), await codeOf('two'), await codeOf('three')]).toEqual([
    ...[200, 429, 200, 200],
  ]);
  expect(await codeOf('four')).toBe(429);
  const call = await served.subscribeOverGrpc({});
  const [error] = (await once(call, 'error')) as [ServiceError];
  expect(error.code).toBe(status.RESOURCE_EXHAUSTED);
  first.leave();
  while ((await served.metric('keyledger_feed_subscribers')) === 4) await new Promise(setImmediate);
  expect(await codeOf('four')).toBe(200);
});

it('brings those who are far behind to where the others are, while events come', async () => {
  served = await ServedFeed.open(stores);
  await append(5_000);
  const behind = await Promise.all(Array.from({ length: 5 }, () => served.subscribe('?from=0')));
  await append(400);
  await Promise.all(behind.map((subscriber) => subscriber.untilCount(5_400)));
  const positions = behind.map(({ events }) => events.map(({ position }) => position));
  expect(positions[0]).toEqual([...new Set(positions[0])].sort());
  for (const others of positions) expect(others).toEqual(positions[0]);
  await append(10);
  await Promise.all(behind.map((subscriber) => subscriber.untilCount(5_410)));
  expect(served.reads.now).toBe(1);
});

it('gives a reader who does not read no more than a little, and leaves it after a while', async () => {
  served = await ServedFeed.open(stores);
  // More than the systems at both ends hold for those who do not read.
  await append(300, 100_000);
  const { hostname, port } = new URL(served.url);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  const token = await served.token();
  socket.write(`GET /v1/events?from=0 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n\r\n`);
  await once(socket, 'readable');
  const call = await served.subscribeOverGrpc({ from: '0' });
  // Only a call of grpc-js that has once been read from leaves the rest to the server.
  await once(call, 'readable');
  const subscribers = (): Promise<number> => served.metric('keyledger_feed_subscribers');
  // Others go on meanwhile, also those who have to catch up.
  const other = await served.subscribe('?from=0');
  await other.untilCount(300);
  expect(await subscribers()).toBe(3);
  const given = (await served.metric('keyledger_feed_events_total')) - 300;
  expect(given).toBeLessThan(300);
  while ((await subscribers()) > 1) await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await served.metric('keyledger_feed_events_total')) - 300).toBeLessThanOrEqual(given);
  let text = '';
  socket.setEncoding('utf8').on('data', (more: string) => (text = (text + more).slice(-1_000)));
  await until(() => text.endsWith('\r\n0\r\n\r\n'));
  expect(text).toMatch(/event: end\ndata: \{"code":"too-busy","detail":"You read too slowly\./);
  const [error] = (await once(
    call.on('data', () => undefined),
    'error',
  )) as [ServiceError];
  expect([error.code, error.details]).toEqual([
    status.RESOURCE_EXHAUSTED,
    expect.stringMatching(/^You read too slowly/),
  ]);
  expect(other.isOver).toBe(false);
});

it('forgets who leaves while being let in, over gRPC and in a row of requests on one connection', async () => {
  served = await ServedFeed.open(stores);
  const calls = await Promise.all(Array.from({ length: 60 }, () => served.subscribeOverGrpc({ from: '0' })));
  const left = calls.map((call, number) => {
    setTimeout(() => call.cancel(), number % 12);
    return new Promise((resolve) =>
      call
        .on('data', () => undefined)
        .on('error', () => undefined)
        .on('status', resolve),
    );
  });
  const { hostname, port } = new URL(served.url);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  const token = await served.token();
  const request = `GET /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n\r\n`;
  socket.write(request.repeat(50));
  await once(socket, 'data');
  // The answers to the others come behind the first.
  expect(await served.metric('keyledger_feed_subscribers')).toBeGreaterThan(0);
  socket.destroy();
  await Promise.all(left);
  while ((await served.metric('keyledger_feed_subscribers')) > 0) await new Promise(setImmediate);
  expect((await served.subscribe()).response.status).toBe(200);
});

it('tells its subscribers when the server stops', async () => {
  served = await ServedFeed.open(stores);
  const subscriber = await served.subscribe();
  const call = await served.subscribeOverGrpc({});
  const ended = once(
    call.on('data', () => undefined),
    'error',
  );
  await once(call, 'metadata');
  await served.stop();
  await until(() => subscriber.isOver);
  expect(subscriber.end?.code).toBe('log-unavailable');
  expect(((await ended) as [ServiceError])[0].code).toBe(status.UNAVAILABLE);
});

it('ends at an event that this version cannot read, rather than to leave it out', async () => {
  served = await ServedFeed.open(stores);
  const id = await account();
  const subscriber = await served.subscribe('?from=0');
  await subscriber.untilCount(1);
  const unknown = { id: uuid(), type: 'AccountPolished', data: Buffer.from('{}'), metadata: Buffer.from('{}') };
  await stores.log.append(accountStream('', id), 0, [unknown]);
  await until(() => subscriber.isOver);
  expect([subscriber.events.length, subscriber.end?.code]).toEqual([1, 'log-unavailable']);
  expect((await served.subscribe('?from=0')).response.status).toBe(503);
  expect((await fetch(`${served.url}/health/ready`)).status).toBe(503);
});
