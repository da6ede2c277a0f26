import { once } from 'node:events';
import { status, type ServiceError } from '@grpc/grpc-js';
import type { AccountEvent } from '@keyledger/domain';
import { EventSource } from 'eventsource';
import { ServedFeed, until, type SubscribeReply } from './serving-feed.js';
import { newAccountId, openStores, registration, renaming, type Stores } from './stores.js';

const seed = Number(process.env['KEYLEDGER_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

let stores: Stores;
let served: ServedFeed;
beforeAll(async () => {
  stores = await openStores();
  served = await ServedFeed.open(stores);
});
afterAll(async () => {
  await served.remove();
  await stores.drop();
});

const names = (count: number): readonly AccountEvent[] =>
  Array.from({ length: count }, (_, number) => renaming(`name ${number}`));

const suspended: AccountEvent = { type: 'AccountSuspended', at: '2026-03-01T09:30:00.000Z' };

/** An account with so many events. */
const account = async (count: number): Promise<string> => {
  const id = newAccountId();
  await stores.append(id, registration(id), ...names(count - 1));
  return id;
};

const sequencesOf = (events: readonly { readonly sequence: string }[]): readonly number[] =>
  events.map(({ sequence }) => Number(sequence));

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, number) => number);

describe('the feed over HTTP', () => {
  it('sends what comes from now on, in order, as CloudEvents', async () => {
    await account(3);
    const subscriber = await served.subscribe();
    expect(subscriber.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const id = await account(50);
    await subscriber.untilCount(50);
    expect(sequencesOf(subscriber.events)).toEqual(upTo(50));
    expect(subscriber.events[0]).toMatchObject({
      ...{ specversion: '1.0', type: 'keyledger.account.registered.v1', partitionkey: id, subject: id },
      ...{ sequence: '0000000000000000', data: { accountId: id, actor: { type: 'user' }, name: 'name' } },
    });
    expect(subscriber.ids.slice(-50)).toEqual(subscriber.events.map(({ position }) => position));
  });

  it(`misses nothing and repeats nothing, wherever a reader goes on (KEYLEDGER_TEST_SEED=${seed})`, async () => {
    const before = await stores.log.head();
    const [one, other] = [await account(700), await account(700)];
    await stores.append(one, ...names(100));
    const all = await served.subscribe(`?from=${before}`);
    await all.untilCount(1_500);
    expect([one, other].map((id) => sequencesOf(all.events.filter(({ partitionkey }) => partitionkey === id)))).toEqual(
      [upTo(800), upTo(700)],
    );
    for (const share of [0, (seed % 997) / 997, (seed % 9_973) / 9_973, 1]) {
      const place = Math.floor(share * 1_499);
      const position = all.events[place]?.position ?? '';
      const byQuery = await served.subscribe(`?from=${position}`);
      const byHeader = await served.subscribe('?from=0', {}, { 'last-event-id': position });
      await Promise.all([byQuery.untilCount(1_499 - place), byHeader.untilCount(1_499 - place)]);
      for (const { events } of [byQuery, byHeader]) expect(events).toEqual(all.events.slice(place + 1));
    }
  });

  it('sends the accounts of the token and the types that are asked for, and tells how far it has looked', async () => {
    const before = await stores.log.head();
    const [own, foreign] = [await account(5), await account(5)];
    await stores.append(own, suspended);
    await stores.append(foreign, suspended);
    const ofAccount = await served.subscribe('?from=0', { roles: ['viewer'], accounts: [own] });
    await ofAccount.untilCount(6);
    const types = 'keyledger.account.suspended.v1,keyledger.account.resumed.v1';
    const ofTypes = await served.subscribe(`?from=${before}&types=${types}`);
    await ofTypes.untilCount(2);
    const last = await stores.append(own, ...names(1));
    await ofAccount.untilCount(7);
    expect(new Set(ofAccount.events.map(({ partitionkey }) => partitionkey))).toEqual(new Set([own]));
    expect(ofTypes.events.map(({ type, partitionkey }) => [type, partitionkey])).toEqual([
      ['keyledger.account.suspended.v1', own],
      ['keyledger.account.suspended.v1', foreign],
    ]);
    const ofNone = await served.subscribe('?from=0', { roles: ['viewer'], accounts: '*' });
    await until(() => ofNone.ids.length > 0);
    expect(ofNone.events).toEqual([]);
    expect(ofAccount.ids.at(-1)).toBe(last[0]);
  });

  it('is read by a client that is not ours, which comes back by itself where it was', async () => {
    const authorization = `Bearer ${await served.token()}`;
    const headers: string[] = [];
    const source = new EventSource(`${served.url}/v1/events`, {
      fetch: (url, init) => {
        headers.push(new Headers(init.headers).get('last-event-id') ?? 'none');
        return fetch(url, { ...init, headers: { ...init.headers, authorization } });
      },
    });
    const received: { sequence: string; position: string }[] = [];
    source.addEventListener('message', ({ data }: { data: string }) => void received.push(JSON.parse(data) as never));
    await once(source as never, 'open');
    const id = await account(20);
    await until(() => received.length === 20);
    source.close();
    expect(sequencesOf(received)).toEqual(upTo(20));
    expect(headers).toEqual(['none']);
    await stores.append(id, suspended);
  });

  it('answers HEAD, and then counts nobody', async () => {
    const headers = { authorization: `Bearer ${await served.token()}` };
    const before = await served.metric('keyledger_feed_subscribers');
    const response = await fetch(`${served.url}/v1/events`, { method: 'HEAD', headers });
    expect([response.status, response.headers.get('keyledger-position')]).toEqual([200, await stores.log.head()]);
    expect(await served.metric('keyledger_feed_subscribers')).toBe(before);
  });

  it.each([
    ['?from=nothing', {}, 'invalid-request', 'from'],
    ['?from=', {}, 'invalid-request', 'from'],
    ['?from=LOG-7fffffffffffffff', {}, 'invalid-request', 'from'],
    ['?from=LOG-00000000000000000000000000000001', {}, 'invalid-request', 'from'],
    [`?from=${'f'.repeat(32)}-0000000000000001`, {}, 'position-of-another-log', undefined],
    ['?from=0', { 'last-event-id': 'nothing' }, 'invalid-request', 'Last-Event-ID'],
    ['?types=keyledger.account.lost.v1', {}, 'invalid-request', 'types'],
    ['?types=keyledger.account.resumed.v1,', {}, 'invalid-request', 'types'],
    ['?from=0&from=0', {}, 'invalid-request', 'from'],
    ['?minPosition=0', {}, 'invalid-request', 'minPosition'],
  ])('refuses %s with %j as %s', async (query, headers, code, field) => {
    const { response } = await served.subscribe(query.replace('LOG', stores.log.logId), {}, headers);
    const body = (await response.json()) as { code: string; errors: readonly { field: string }[] };
    expect([response.status, body.code, body.errors[0]?.field]).toEqual([422, code, field]);
  });

  it('refuses who may not read, and strangers', async () => {
    expect((await served.subscribe('', { roles: ['verifier'] })).response.status).toBe(403);
    expect((await fetch(`${served.url}/v1/events`)).status).toBe(401);
  });
});

describe('the feed over gRPC', () => {
  it('sends the same events, and first where it begins', async () => {
    const from = await stores.log.head();
    const id = await account(3);
    const call = await served.subscribeOverGrpc({ from, types: ['keyledger.account.changed.v1'] });
    const received: SubscribeReply[] = [];
    call.on('data', (reply: SubscribeReply) => received.push(reply)).on('error', () => undefined);
    await until(() => received.filter(({ event }) => event !== undefined).length === 2);
    const byHttp = await served.subscribe(`?from=${from}&types=keyledger.account.changed.v1`);
    await byHttp.untilCount(2);
    expect(received[0]).toEqual({ position: from });
    const same = received.slice(1).map(({ event, position }) => [event?.id, event?.sequence, event?.data, position]);
    expect(same).toEqual(
      byHttp.events.map((event) => [
        event.id,
        String(Number(event.sequence)),
        JSON.stringify(event.data),
        event.position,
      ]),
    );
    expect(received[1]?.event?.accountId).toBe(id);
    const before = await served.metric('keyledger_feed_subscribers');
    call.cancel();
    while ((await served.metric('keyledger_feed_subscribers')) === before) await new Promise(setImmediate);
  });

  it('refuses what is wrong, and ends with the token', async () => {
    const codeOf = async (request: object, caller = {}): Promise<number> => {
      const call = await served.subscribeOverGrpc(request, caller);
      call.on('data', () => undefined);
      const [error] = (await once(call, 'error')) as [ServiceError];
      return error.code;
    };
    expect(await codeOf({ from: 'nothing' })).toBe(status.INVALID_ARGUMENT);
    expect(await codeOf({ types: ['nothing'] })).toBe(status.INVALID_ARGUMENT);
    expect(await codeOf({}, { roles: ['verifier'] })).toBe(status.PERMISSION_DENIED);
    expect(await codeOf({}, { ttlSeconds: 1 })).toBe(status.UNAUTHENTICATED);
  });
});

it('ends with the token, and says so', async () => {
  const subscriber = await served.subscribe('', { ttlSeconds: 1 });
  await until(() => subscriber.isOver);
  expect(subscriber.end).toEqual({ code: 'unauthenticated', detail: 'The token has expired. Get a new one.' });
});
