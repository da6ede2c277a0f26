import { accountStream, newEvent, readEvent, toId, type AccountEvent } from '@keyledger/domain';
import { openPostgresEventLog, type EventLog } from '@keyledger/event-log';
import { createDatabase, firstEvent, type TestDatabase } from '@keyledger/testing';
import { v4 as uuid } from 'uuid';
import { EndpointSwitch } from '../src/endpoint-switch.js';

const config = { streamPrefix: 'green-' };
const at = '2021-05-20T12:00:00.000Z';
const endpointId = toId('endpointId', uuid());
const owner = {
  principal: { actorType: 'user', subject: 'ada', issuer: 'urn:test' },
  correlationId: 'request-1',
  ip: null,
  userAgent: null,
} as const;

let database: TestDatabase;
let logs: readonly [EventLog, EventLog];
let switches: readonly [EndpointSwitch, EndpointSwitch];

beforeAll(async () => {
  database = await createDatabase();
  const open = () => openPostgresEventLog({ firstEvent, connectionString: database.url, ...config });
  logs = [await open(), await open()];
  switches = [new EndpointSwitch(logs[0], config), new EndpointSwitch(logs[1], config)];
});
afterAll(async () => {
  await Promise.all(switches.map((each) => each.onApplicationShutdown()));
  await Promise.all(logs.map((log) => log.close()));
  await database.drop();
});

/** An account whose endpoint is registered by its second event, and what came after that. */
const account = async (...later: readonly AccountEvent[]) => {
  const accountId = toId('accountId', uuid());
  const stream = accountStream(config.streamPrefix, accountId);
  const facts = { url: 'https://hooks.example.com/', description: null, types: [], scheme: 'standard' } as const;
  const events: readonly AccountEvent[] = [
    { type: 'AccountRegistered', accountId, name: 'Acme', externalId: null, at },
    { type: 'WebhookEndpointRegistered', endpointId, ...facts, enabled: true, at },
    ...later,
  ];
  await logs[0].append(
    stream,
    -1,
    events.map((event) => newEvent(uuid(), event, owner, uuid())),
  );
  const added = async () => {
    const all = [];
    for await (const page of logs[0].readStream(stream, events.length)) all.push(...page.map(readEvent));
    return all;
  };
  return { seen: { accountId, endpointId, revision: 1 }, added };
};

it('disables an endpoint in the name of the service', async () => {
  const { seen, added } = await account();
  expect(await switches[0].disable(seen, 'gone')).toBe(true);
  const [disabled, ...others] = await added();
  expect(others).toEqual([]);
  expect(disabled?.event).toMatchObject({ type: 'WebhookEndpointDisabled', endpointId, reason: 'gone' });
  const actor = { type: 'service', id: 'webhook-service', issuer: null };
  expect(disabled?.metadata).toMatchObject({ actor, ip: null, userAgent: null });
});

it('writes one event, however many replicas do it at once, and again', async () => {
  const { seen, added } = await account();
  const disabling = [...switches, ...switches, ...switches].map((each) => each.disable(seen, 'failing'));
  expect((await Promise.all(disabling)).filter(Boolean)).toHaveLength(1);
  expect(await switches[1].disable(seen, 'failing')).toBe(false);
  expect((await added()).map(({ event }) => event)).toMatchObject([{ reason: 'failing' }]);
});

it('does it also where the account is suspended', async () => {
  const { seen, added } = await account({ type: 'AccountSuspended', at });
  expect(await switches[0].disable(seen, 'failing')).toBe(true);
  expect(await added()).toHaveLength(1);
});

it.each<[string, AccountEvent]>([
  ['changed', { type: 'WebhookEndpointChanged', endpointId, changes: { description: { from: null, to: 'x' } }, at }],
  ['disabled', { type: 'WebhookEndpointDisabled', endpointId, reason: 'requested', at }],
  ['deleted', { type: 'WebhookEndpointDeleted', endpointId, at }],
])('leaves an endpoint alone that was %s since', async (_, event) => {
  const { seen, added } = await account(event);
  expect(await switches[0].disable(seen, 'gone')).toBe(false);
  expect(await added()).toEqual([]);
});

it('tells the caller where nothing could be stored', async () => {
  const { seen } = await account();
  const stopped = new EndpointSwitch(logs[0], config);
  await stopped.onApplicationShutdown();
  await expect(stopped.disable(seen, 'gone')).rejects.toThrow('Nothing was stored');
});
