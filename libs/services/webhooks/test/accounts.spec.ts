import { accountStream, toId, type AccountEvent } from '@keyledger/domain';
import { Metrics, Readiness } from '@keyledger/edge';
import { PostgresSink, prepareTables, runFollower } from '@keyledger/read-models';
import { PinoLogger } from 'nestjs-pino';
import { v4 as uuid } from 'uuid';
import { Accounts } from '../src/accounts.js';
import { webhookAccountsProjection } from '../src/webhook-accounts-projection.js';
import { openStores, type Stores } from './stores.js';

const at = '2031-01-01T00:00:00.000Z';
const projection = webhookAccountsProjection({ streamPrefix: '' });
const WAIT_MS = 30_000;

let stores: Stores;
const running: Accounts[] = [];

beforeEach(async () => {
  stores = await openStores();
  await prepareTables(stores.pool, projection);
});

afterEach(async () => {
  for (const accounts of running.splice(0)) await accounts.onApplicationShutdown();
  await stores.drop();
});

const start = async () => {
  const metrics = new Metrics();
  const readiness = new Readiness(new PinoLogger({ pinoHttp: { level: 'silent' } }), metrics);
  const changes: string[] = [];
  const accounts = await Accounts.start(
    {
      ...{ pool: stores.pool, schema: projection.schema, streamPrefix: '' },
      onChange: (_, { status }) => void changes.push(status),
    },
    { log: stores.log, readiness, metrics },
  );
  running.push(accounts);
  return { accounts, readiness, changes };
};

/** Brings everything up to `position` into the tables. */
const fillTables = async (position: string): Promise<void> => {
  const stopping = new AbortController();
  const sink = new PostgresSink(stores.pool, projection);
  const follower = runFollower({ log: stores.log, sink, signal: stopping.signal });
  expect(await follower.waitForPosition(position, WAIT_MS)).toBe(true);
  stopping.abort();
  await follower.done;
};

const endpointId = toId('endpointId', uuid());
const register = (accountId: string): readonly AccountEvent[] => [
  { type: 'AccountRegistered', accountId, name: 'Acme', externalId: null, at },
  {
    ...{ type: 'WebhookEndpointRegistered', endpointId, url: 'https://a.example/', description: null, at },
    ...{ types: ['invoice.*'], scheme: 'standard', enabled: true },
  },
];

it('are loaded from the tables, and followed in the log from there', async () => {
  const accountId = toId('accountId', uuid());
  const filled = await stores.append(accountId, ...register(accountId));
  await fillTables(filled);
  const last = await stores.append(accountId, { type: 'AccountSuspended', at });
  const { accounts, changes } = await start();
  expect(await accounts.waitFor(last, WAIT_MS)).toBe(true);
  expect(accounts.get(accountId)).toMatchObject({ status: 'suspended' });
  expect({ position: accounts.position, has: accounts.has(last) }).toEqual({ position: last, has: true });
  // What the tables held is no change.
  expect(changes).toEqual(['suspended']);
  expect(accounts.get(toId('accountId', uuid()))).toBeUndefined();
});

it('are the same without the tables', async () => {
  const accountId = toId('accountId', uuid());
  const last = await stores.append(accountId, ...register(accountId), { type: 'AccountSuspended', at });
  const fromLog = (await start()).accounts;
  expect(await fromLog.waitFor(last, WAIT_MS)).toBe(true);
  await fillTables(last);
  const fromTables = (await start()).accounts;
  expect(await fromTables.waitFor(last, WAIT_MS)).toBe(true);
  expect(fromTables.get(accountId)).toEqual(fromLog.get(accountId));
});

it('tell which endpoints ask for a type', async () => {
  const accountId = toId('accountId', uuid());
  const last = await stores.append(accountId, ...register(accountId));
  const { accounts } = await start();
  expect(await accounts.waitFor(last, WAIT_MS)).toBe(true);
  expect(accounts.asking(accountId, 'invoice.paid')).toMatchObject([{ endpointId, enabled: true }]);
  expect(accounts.asking(accountId, 'order.paid')).toEqual([]);
  expect(accounts.accountsAsking('invoice.paid')).toEqual([accountId]);
  expect(accounts.accountsAsking('order.paid')).toEqual([]);
});

it('are known no more after an event that this version cannot read, and readiness says why', async () => {
  const accountId = toId('accountId', uuid());
  const last = await stores.append(accountId, ...register(accountId));
  const { accounts, readiness } = await start();
  expect(await accounts.waitFor(last, WAIT_MS)).toBe(true);
  const id = uuid();
  const bytes = (value: object) => new TextEncoder().encode(JSON.stringify(value));
  const strange = { id, type: 'CredentialTeleported', data: bytes({ at }), metadata: bytes({}) };
  const outcome = await stores.log.append(accountStream('', accountId), 1, [strange], 'each');
  const position = outcome.kind === 'ok' ? (outcome.positions.at(-1) ?? '') : '';
  expect(await accounts.waitFor(position, 2_000)).toBe(false);
  expect(() => accounts.get(accountId)).toThrow('This process does not know the accounts now. Try again.');
  expect(await readiness.isReady()).toBe(false);
  const details = await Promise.all(readiness.checks().map((check) => check()));
  expect(JSON.stringify(details)).toContain(`Event ${id} (CredentialTeleported) at ${position} cannot be applied`);
});
