import type { PublicEvent } from '@keyledger/contract';
import { matchesType, type AccountEvent, type WebhookEndpoint } from '@keyledger/domain';
import { runFollower } from '@keyledger/read-models';
import { v4 as uuid } from 'uuid';
import { prepareSchemas, schemasOf } from '../src/delivery/tables.js';
import { OwnEventsSink } from '../src/own-events/own-events-sink.js';
import { endpointOf } from './endpoint-of.js';
import { openStores, type Stores } from './stores.js';

const config = { streamPrefix: '', webhookRetentionDays: 30 };
const at = new Date().toISOString();
const longAgo = new Date(Date.now() - 31 * 24 * 60 * 60_000).toISOString();
const schemas = schemasOf(config);

let stores: Stores;
beforeEach(async () => {
  stores = await openStores();
  await prepareSchemas(stores.pool, schemas);
});
afterEach(() => stores.drop());

const renaming = (to: string): AccountEvent => ({
  type: 'AccountChanged',
  ...{ changes: { name: { from: '', to } }, at },
});

/** One account with these endpoints. It may know of them later than the log does. */
const known = (accountId: string, endpoints: readonly WebhookEndpoint[]) => {
  const of = { isBehind: false };
  const source = {
    waitFor: () => Promise.resolve(!of.isBehind),
    hasEndpoints: (id: string) => id === accountId,
    asking: (id: string, type: string) => (id === accountId ? endpoints.filter((e) => matchesType(e.types, type)) : []),
  };
  return { of, source };
};

const follow = (endpoints: ReturnType<typeof known>['source']) => {
  const stopping = new AbortController();
  const { pool, log } = stores;
  const sink = new OwnEventsSink({ pool, config, log, endpoints, schema: schemas.webhooks });
  const follower = runFollower({ log, sink, signal: stopping.signal });
  return {
    follower,
    stop: async () => {
      stopping.abort();
      await follower.done;
    },
  };
};

const untilThere = async (endpoints: ReturnType<typeof known>['source'], position: string): Promise<void> => {
  const { follower, stop } = follow(endpoints);
  expect(await follower.waitForPosition(position, 20_000)).toBe(true);
  await stop();
};

interface Row {
  readonly message_id: string;
  readonly type: string;
  readonly payload: Buffer;
  readonly endpoint_id: string;
  readonly state: string;
}

const stored = async (): Promise<readonly Row[]> =>
  (
    await stores.pool.query<Row>(
      `select message_id, type, payload, endpoint_id, state from ${schemas.webhooks}.messages
       join ${schemas.webhooks}.deliveries using (message_id) order by payload, endpoint_id`,
    )
  ).rows;

it('sends each event once to the endpoints that ask for it and were there before it', async () => {
  const accountId = `acct_${uuid()}`;
  const all = endpointOf({});
  const some = endpointOf({ types: ['keyledger.account.*'], enabled: false, disabledReason: 'requested' });
  const other = endpointOf({ types: ['keyledger.credential.*'] });
  const later = endpointOf({ createdRevision: 2 });
  const { source } = known(accountId, [all, some, other, later]);
  const registered: AccountEvent = { type: 'AccountRegistered', accountId, name: 'n', externalId: null, at };
  await stores.append(accountId, registered, renaming('one'));
  await untilThere(source, await stores.append(`acct_${uuid()}`, registered));
  const position = await stores.append(accountId, renaming('two'));
  await untilThere(source, position);
  await untilThere(source, position);
  const rows = await stored();
  const told = rows.map(({ payload, endpoint_id: id, state }) => {
    const { type, data, partitionkey } = JSON.parse(payload.toString()) as PublicEvent<'AccountChanged'>;
    expect([type, partitionkey]).toEqual(['keyledger.account.changed.v1', accountId]);
    return [data.changes.name.to, `whe_${id}`, state];
  });
  expect(told.sort()).toEqual(
    [
      ['one', all.endpointId, 'pending'],
      ['one', some.endpointId, 'held'],
      ['two', all.endpointId, 'pending'],
      ['two', some.endpointId, 'held'],
    ].sort(),
  );
  expect(new Set(rows.map(({ message_id: id }) => id)).size).toBe(2);
});

it('waits until the endpoints are known as far as the event', async () => {
  const accountId = `acct_${uuid()}`;
  const { of, source } = known(accountId, [endpointOf({ createdRevision: 0 })]);
  of.isBehind = true;
  const registered: AccountEvent = { type: 'AccountRegistered', accountId, name: 'n', externalId: null, at };
  const position = await stores.append(accountId, registered, renaming('one'));
  const { follower, stop } = follow(source);
  while (follower.status().state !== 'unavailable') await new Promise(setImmediate);
  expect(follower.status().reason).toContain('behind the log');
  expect(await stored()).toEqual([]);
  of.isBehind = false;
  expect(await follower.waitForPosition(position, 20_000)).toBe(true);
  await stop();
  expect(await stored()).toHaveLength(1);
});

it('begins anew in another log, and sends neither what it has sent nor what is older than what is kept', async () => {
  const accountId = `acct_${uuid()}`;
  const { source } = known(accountId, [endpointOf({})]);
  const registered: AccountEvent = { type: 'AccountRegistered', accountId, name: 'n', externalId: null, at };
  await untilThere(source, await stores.append(accountId, registered, renaming('one')));
  const before = await stored();
  expect(before).toHaveLength(1);
  // As if the checkpoint were of a log that this one has taken the place of.
  await stores.pool.query(`update webhook_events.checkpoint set event_id = gen_random_uuid()`);
  await untilThere(source, await stores.append(accountId, { ...renaming('old'), at: longAgo }));
  expect(await stored()).toEqual(before);
  await untilThere(source, await stores.append(accountId, renaming('two')));
  expect(await stored()).toHaveLength(2);
});
