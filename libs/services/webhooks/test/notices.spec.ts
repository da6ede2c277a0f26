import { noticeAttributes, notices, noticeSchemas, type Notice } from '@keyledger/contract';
import type { AccountEvent } from '@keyledger/domain';
import { UsageTables } from '@keyledger/edge';
import { PostgresSink, prepareTables, runFollower } from '@keyledger/read-models';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { v4 as uuid } from 'uuid';
import { prepareSchemas, schemasOf } from '../src/delivery/tables.js';
import { NoticeSweep } from '../src/notices/notice-sweep.js';
import { webhookAccountsProjection } from '../src/webhook-accounts-projection.js';
import { endpointOf } from './endpoint-of.js';
import { openStores, type Stores } from './stores.js';

const config = { streamPrefix: '' };
const expiryDays = [30, 14, 7, 1];
const EIGHT_DAYS = 8 * 86_400;
const projection = webhookAccountsProjection(config);
const schemas = schemasOf(config);

let stores: Stores;
let usage: UsageTables;
const accountId = `acct_${uuid()}`;
const credentialId = `cred_${uuid()}`;

beforeEach(async () => {
  stores = await openStores();
  usage = await UsageTables.open(stores.pool, config);
  await prepareSchemas(stores.pool, schemas);
});
afterEach(() => stores.drop());

const created = (facts: object = {}): AccountEvent => ({
  type: 'CredentialCreated',
  ...{ credentialId, credentialType: 'app_key_pair', name: 'Nightly', description: null, mode: null },
  ...{ environment: 'production', applicationId: null, scopes: [], expiresAt: null, publicPart: 'kps_x' },
  ...{ publicPartMasked: false, bindsIpAllowlist: false, bindsEndpoints: false, retained: false, maySign: false },
  ...{ rotationAdviceDays: null, version: 1, maskedSecret: '…abcd', at: '2026-01-01T00:00:00.000Z' },
  ...{ digest: { value: 'digest', pepperVersion: 1 }, ...facts },
});

const rotated = (version: number, at: string, overlapEndsAt: string): AccountEvent => ({
  type: 'CredentialRotated',
  ...{ credentialId, version, at, overlapEndsAt, maskedSecret: '…efgh' },
  digest: { value: `digest-${version}`, pepperVersion: 1 },
});

/** Brings the tables to where the log is. */
const caughtUp = async (): Promise<void> => {
  await prepareTables(stores.pool, projection);
  const stopping = new AbortController();
  const { log, pool } = stores;
  const follower = runFollower({ log, sink: new PostgresSink(pool, projection), signal: stopping.signal });
  await follower.waitForPosition(await log.head(), 20_000);
  stopping.abort();
  await follower.done;
};

const everyType = Object.values(notices).map(({ type }) => type as string);

/** An endpoint of the account, which asks for these types. */
const asking = (types: readonly string[]) => ({
  asking: () => [endpointOf({ types })],
  accountsAsking: (type: string) => (types.includes(type) ? [accountId] : []),
});

const replica = async (types: readonly string[] = everyType, schema = schemas.webhooks) => {
  const { pool, log } = stores;
  const parts = { pool, config, logId: log.logId, expiryDays, usage, endpoints: asking(types), schema };
  const sweep = await NoticeSweep.open(parts);
  return { run: (now: string, lookBackSeconds = EIGHT_DAYS) => sweep.run(now, lookBackSeconds) };
};

/** What waits for the endpoint, in the order of what it tells of. */
const told = async (): Promise<readonly Notice[]> => {
  const { rows } = await stores.pool.query<{ message_id: string; payload: Buffer }>(
    `select message_id, payload from ${schemas.webhooks}.messages join ${schemas.webhooks}.deliveries using (message_id)
     where source = 'notice' and state = 'pending'`,
  );
  return rows
    .map(({ message_id: uuidOfMessage, payload }) => {
      const notice = JSON.parse(payload.toString()) as Notice;
      expect(notice.id).toBe(`evt_${uuidOfMessage}`);
      return notice;
    })
    .sort((a, b) => (a.time < b.time ? -1 : 1));
};

const dataTold = async (): Promise<readonly Notice['data'][]> => (await told()).map(({ data }) => data);

it('tells of an expiry at each step, once, also with two replicas, a restart and a rebuild', async () => {
  await stores.append(accountId, created({ expiresAt: '2026-03-01T00:00:00.000Z' }));
  await caughtUp();
  const [first, second] = [await replica(), await replica()];
  const days = ['2026-01-20', '2026-01-30', '2026-01-31', '2026-02-15', '2026-02-15', '2026-02-22', '2026-02-28'];
  for (const day of days) await Promise.all([first.run(`${day}T12:00:00.000Z`), second.run(`${day}T12:00:00.000Z`)]);
  expect((await dataTold()).map((data) => 'daysLeft' in data && data.daysLeft)).toEqual([30, 14, 7, 1]);
  await stores.pool.query(`drop schema ${projection.schema} cascade`);
  await caughtUp();
  const after = await replica();
  expect(await after.run('2026-02-28T13:00:00.000Z')).toBe(0);
});

it('tells only the last step where several were missed, and none that was past from the beginning', async () => {
  const soon = `cred_${uuid()}`;
  await stores.append(
    accountId,
    created({ expiresAt: '2026-02-01T00:00:00.000Z' }),
    created({ credentialId: soon, expiresAt: '2026-01-01T20:00:00.000Z' }),
  );
  await caughtUp();
  const { run } = await replica();
  await run('2026-01-01T01:00:00.000Z');
  expect(await told()).toEqual([]);
  await run('2026-01-26T00:00:00.000Z');
  expect(await dataTold()).toEqual([expect.objectContaining({ credentialId, daysLeft: 7 })]);
  await run('2026-02-02T00:00:00.000Z');
  expect(await told()).toHaveLength(1);
});

it('starts anew with another expiry', async () => {
  await stores.append(accountId, created({ expiresAt: '2026-02-01T00:00:00.000Z' }));
  await caughtUp();
  const { run } = await replica();
  await run('2026-01-31T00:00:00.000Z');
  await stores.append(accountId, {
    type: 'CredentialChanged',
    ...{ credentialId, at: '2026-01-31T01:00:00.000Z' },
    changes: { expiresAt: { from: '2026-02-01T00:00:00.000Z', to: '2026-02-09T00:00:00.000Z' } },
  });
  await caughtUp();
  await run('2026-01-31T02:00:00.000Z');
  expect(await told()).toHaveLength(1);
  await run('2026-02-02T00:00:00.000Z');
  expect(await dataTold()).toEqual([
    expect.objectContaining({ daysLeft: 1, expiresAt: '2026-02-01T00:00:00.000Z' }),
    expect.objectContaining({ daysLeft: 7, expiresAt: '2026-02-09T00:00:00.000Z' }),
  ]);
});

it('tells that a rotation is due, and of the end of an overlap with the last use of the old secret', async () => {
  await stores.append(accountId, created({ rotationAdviceDays: 90 }));
  await caughtUp();
  const { run } = await replica();
  await run('2026-03-31T00:00:00.000Z');
  await run('2026-04-01T01:00:00.000Z');
  await run('2026-04-02T00:00:00.000Z');
  expect(await dataTold()).toEqual([
    {
      ...{ accountId, credentialId, credentialType: 'app_key_pair', name: 'Nightly', version: 1 },
      rotationDueAt: '2026-04-01T00:00:00.000Z',
    },
  ]);
  await stores.append(accountId, rotated(2, '2026-04-02T00:00:00.000Z', '2026-04-04T00:00:00.000Z'));
  await caughtUp();
  const lastUsedAt = '2026-04-02T10:11:12.000Z';
  const use = { accountId, credentialId, version: 1, date: '2026-04-02', lastUsedAt: new Date(lastUsedAt), counts: [] };
  await usage.add({ replicaId: uuid(), number: 1, uses: [use] });
  await run('2026-04-03T01:00:00.000Z');
  await run('2026-04-03T23:30:00.000Z');
  await run('2026-04-04T01:00:00.000Z');
  const ending = { endingVersion: 1, overlapEndsAt: '2026-04-04T00:00:00.000Z', lastUsedAt };
  expect((await dataTold()).slice(1)).toEqual([expect.objectContaining(ending), expect.objectContaining(ending)]);
});

it('tells nothing more of an overlap that has ended early, or of a credential that is revoked', async () => {
  const other = `cred_${uuid()}`;
  await stores.append(
    accountId,
    created({ rotationAdviceDays: 90 }),
    rotated(2, '2026-01-02T00:00:00.000Z', '2026-01-05T00:00:00.000Z'),
    { type: 'RotationFinished', credentialId, endedVersion: 1, at: '2026-01-03T00:00:00.000Z' },
    created({ credentialId: other, expiresAt: '2026-02-01T00:00:00.000Z' }),
    { type: 'CredentialRevoked', credentialId: other, reason: null, at: '2026-01-03T00:00:00.000Z' },
  );
  await caughtUp();
  const { run } = await replica();
  await run('2026-01-04T12:00:00.000Z');
  await run('2026-01-31T12:00:00.000Z');
  expect(await told()).toEqual([]);
});

it('hands over nothing that nobody asks for, and remembers nothing where handing over fails', async () => {
  await stores.append(accountId, created({ expiresAt: '2026-02-01T00:00:00.000Z' }));
  await caughtUp();
  const uninterested = await replica([notices.rotationDue.type]);
  const now = '2026-01-31T00:00:00.000Z';
  expect(await uninterested.run(now)).toBe(0);
  const failing = await replica(everyType, 'nowhere');
  await expect(failing.run(now)).rejects.toThrow('nowhere');
  const { run } = await replica();
  await run(now);
  expect(await told()).toHaveLength(1);
});

it('sends what the schemas say', async () => {
  await stores.append(
    accountId,
    created({ expiresAt: '2026-04-02T00:00:00.000Z', rotationAdviceDays: 1 }),
    rotated(2, '2026-03-30T00:00:00.000Z', '2026-04-02T00:00:00.000Z'),
  );
  await caughtUp();
  const { run } = await replica();
  await run('2026-04-01T12:00:00.000Z');
  expect((await told()).map(({ type }) => type as string).sort()).toEqual([...everyType].sort());
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const closed = (schema: object): object => ({ ...schema, additionalProperties: false });
  for (const { data, ...attributes } of await told()) {
    expect(ajv.validate(closed(noticeSchemas()[attributes.type] ?? {}), data)).toBe(true);
    expect(ajv.validate(closed(noticeAttributes), attributes)).toBe(true);
  }
});
