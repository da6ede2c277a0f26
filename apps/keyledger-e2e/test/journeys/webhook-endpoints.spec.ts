import { randomUUID } from 'node:crypto';
import type { Page, WebhookEndpoint, WebhookEndpointReply } from '@keyledger/contract';
import { journeyAs, newJourney, type Journey } from '../harness/journey.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

const REGISTER = 'WebhookService/RegisterEndpoint';
const UPDATE = 'WebhookService/UpdateEndpoint';
const DELETE = 'WebhookService/DeleteEndpoint';
const GET = 'WebhookService/GetEndpoint';
const LIST = 'WebhookService/ListEndpoints';
const url = 'https://hooks.example.com/keyledger';

const register = async (journey: Journey, fields: object = {}): Promise<WebhookEndpoint> => {
  const request = { url, types: [], scheme: 'standard', enabled: true, ...fields };
  return (await journey.does<WebhookEndpointReply>(REGISTER, request)).webhookEndpoint;
};

const update = async (journey: Journey, fields: object): Promise<WebhookEndpoint> =>
  (await journey.does<WebhookEndpointReply>(UPDATE, { ...fields })).webhookEndpoint;

const list = async (journey: Journey, query: object = {}): Promise<readonly WebhookEndpoint[]> =>
  (await journey.does<Page<WebhookEndpoint>>(LIST, { ...query })).items;

const sign = (journey: Journey) => journey.does('CredentialService/CreateCredential', { type: 'api_secret' });

describe.each(visit.doors)('webhook endpoints over $name', (door) => {
  /** A journey on an account that has a webhook signer. */
  const signing = async (): Promise<Journey> => {
    const journey = await newJourney(visit, door);
    await sign(journey);
    return journey;
  };

  test('are registered, shown and listed as they were asked for', async () => {
    const journey = await signing();
    const asked = { description: 'Orders', types: ['order.created', 'keyledger.credential.*', 'order.created'] };
    const endpoint = await register(journey, asked);
    const { endpointId, createdAt, revision } = endpoint;
    expect(endpointId).toMatch(/^whe_[0-9a-f-]{36}$/);
    expect(endpoint).toEqual({
      ...{ endpointId, url, description: 'Orders', types: ['order.created', 'keyledger.credential.*'] },
      ...{ scheme: 'standard', enabled: true, disabledReason: null, createdAt, revision },
    });
    expect(await journey.does(GET, { endpointId })).toEqual(endpoint);
    const viewer = await journeyAs(visit, journey, 'viewer');
    expect(await list(viewer)).toEqual([endpoint]);
  });

  test('ask for all types and are enabled unless the request says otherwise', async () => {
    const journey = await signing();
    const { webhookEndpoint } = await journey.does<WebhookEndpointReply>(REGISTER, { url, scheme: 'standard' });
    expect(webhookEndpoint).toMatchObject({ description: null, types: [], enabled: true });
    expect(await register(journey, { enabled: false })).toMatchObject({ enabled: false, disabledReason: 'requested' });
  });

  test('are at most 50', async () => {
    const journey = await signing();
    const all = await Promise.all(Array.from({ length: 50 }, () => register(journey)));
    const another = { url, scheme: 'standard' };
    expect(await journey.isRefused(REGISTER, another)).toMatchObject({ code: 'limit-reached' });
    await journey.does(DELETE, { endpointId: all[0]?.endpointId });
    await register(journey);
    expect(new Set((await list(journey, { limit: 200 })).map(({ endpointId }) => endpointId)).size).toBe(50);
  });

  test('need the secret of their scheme', async () => {
    const journey = await newJourney(visit, door);
    const standard = { url, scheme: 'standard' };
    const mac = { url, scheme: 'mac' };
    expect(await journey.isRefused(REGISTER, standard)).toMatchObject({ code: 'no-webhook-signer' });
    expect(await journey.isRefused(REGISTER, mac)).toMatchObject({ code: 'api-access-disabled' });
    await sign(journey);
    const { endpointId } = await register(journey);
    expect(await journey.isRefused(UPDATE, { endpointId, scheme: 'mac' })).toMatchObject({
      code: 'api-access-disabled',
    });
    await journey.does('ApiAccessService/EnableApiAccess');
    expect(await update(journey, { endpointId, scheme: 'mac' })).toMatchObject({ scheme: 'mac' });
    await journey.does('ApiAccessService/DisableApiAccess');
    await update(journey, { endpointId, enabled: false });
    expect(await journey.isRefused(UPDATE, { endpointId, enabled: true })).toMatchObject({
      code: 'api-access-disabled',
    });
    expect(await update(journey, { endpointId, scheme: 'standard', enabled: true })).toMatchObject({ enabled: true });
  });

  test.each([
    ['http', 'http://hooks.example.com/', /https/],
    ['a user', 'https://user:password@hooks.example.com/', /user or a password/],
    ['a private address', 'https://10.0.0.1/', /public internet/],
    ['the metadata address', 'https://169.254.169.254/latest', /public internet/],
    ['this machine', 'https://localhost/', /public internet/],
    ['another port', 'https://hooks.example.com:22/', /ports 443, 8443/],
    ['a fragment', 'https://hooks.example.com/#a', /fragment/],
    ['no URL', 'hooks', /https:\/\/hooks/],
  ])('with %s in the url are refused', async (_, hostile, said) => {
    const journey = await signing();
    const refused = { code: 'invalid-request', fields: ['url'] };
    expect(await journey.isRefused(REGISTER, { url: hostile, scheme: 'standard' })).toEqual(refused);
    const { endpointId } = await register(journey);
    expect(await journey.isRefused(UPDATE, { endpointId, url: hostile })).toEqual(refused);
    expect((await list(journey)).map((each) => each.url)).toEqual([url]);
    const path = `/v1/accounts/${journey.accountId}/webhook-endpoints`;
    const body = { url: hostile, scheme: 'standard' };
    const { body: problem } = await visit.http.post<{ detail: string }>(path, body, { token: await visit.token() });
    expect(problem.detail).toMatch(said);
  });

  test.each([
    ['that we do not send', 'keyledger.credential.blessed.v1'],
    ['of which we send none', 'keyledger.toy.*'],
    ['with a star elsewhere', 'order.*.created'],
    ['of a star alone', '*'],
    ['with white space', 'order created'],
    ['of 129 characters', 'x'.repeat(129)],
  ])('with a type %s are refused', async (_, type) => {
    const journey = await signing();
    const refused = { code: 'invalid-request', fields: ['types'] };
    expect(await journey.isRefused(REGISTER, { url, scheme: 'standard', types: ['a', type] })).toEqual(refused);
  });

  test('ask for our own types, one by one or all of a kind', async () => {
    const journey = await signing();
    const types = ['keyledger.credential.revoked.v1', 'keyledger.credential.expiring.v1', 'keyledger.account.*'];
    expect((await register(journey, { types: [...types, 'keyledger.*'] })).types).toEqual([...types, 'keyledger.*']);
    const many = Array.from({ length: 51 }, (_, n) => `type.${n}`);
    expect((await register(journey, { types: many.slice(1) })).types).toHaveLength(50);
    expect(await journey.isRefused(REGISTER, { url, scheme: 'standard', types: many })).toMatchObject({
      fields: ['types'],
    });
  });

  test('change, are turned off and on, and forget what is cleared', async () => {
    const journey = await signing();
    const { endpointId, revision } = await register(journey, { description: 'Orders', types: ['order.*'] });
    const other = 'https://hooks.example.com:8443/other';
    const changed = await update(journey, { endpointId, url: other, description: null, types: [] });
    expect(changed).toMatchObject({ url: other, description: null, types: [], enabled: true });
    expect(changed.revision).toBeGreaterThan(revision);
    const off = await update(journey, { endpointId, enabled: false });
    expect(off).toEqual({ ...changed, enabled: false, disabledReason: 'requested', revision: off.revision });
    expect(await update(journey, { endpointId, enabled: false })).toEqual(off);
    const on = await update(journey, { endpointId, enabled: true });
    expect(on).toEqual({ ...changed, revision: on.revision });
    expect(await list(journey)).toEqual([on]);
    expect(await journey.isRefused(UPDATE, { endpointId, enabled: false }, { revision })).toMatchObject({
      code: 'revision-mismatch',
    });
  });

  test('stay as they are while the account is suspended, but are turned off and deleted', async () => {
    const journey = await signing();
    const endpoint = await register(journey);
    const { endpointId } = endpoint;
    await journey.does('AccountService/SuspendAccount');
    const suspended = { code: 'account-suspended' };
    expect(await journey.isRefused(REGISTER, { url, scheme: 'standard' })).toMatchObject(suspended);
    expect(await journey.isRefused(UPDATE, { endpointId, description: 'x' })).toMatchObject(suspended);
    expect(await journey.isRefused(UPDATE, { endpointId, enabled: false, types: ['a'] })).toMatchObject(suspended);
    expect(await list(journey)).toEqual([endpoint]);
    const { webhookEndpoint } = await journey.does<WebhookEndpointReply>(UPDATE, { endpointId, enabled: false });
    expect(webhookEndpoint).toMatchObject({ enabled: false, disabledReason: 'requested' });
    await journey.does(DELETE, { endpointId });
    expect(await list(journey)).toEqual([]);
  });

  test('are gone once they are deleted, and belong to their account alone', async () => {
    const [journey, other] = [await signing(), await signing()];
    const { endpointId } = await register(journey);
    for (const rpc of [GET, UPDATE, DELETE]) {
      expect(await other.isRefused(rpc, { endpointId })).toMatchObject({ code: 'not-found' });
    }
    await journey.does(DELETE, { endpointId });
    for (const rpc of [GET, UPDATE, DELETE]) {
      expect(await journey.isRefused(rpc, { endpointId })).toMatchObject({ code: 'not-found' });
    }
  });

  test('are registered once by requests with the same Idempotency-Key', async () => {
    const journey = await signing();
    const idempotencyKey = `key-${randomUUID()}`;
    const request = { url, types: ['order.*'], scheme: 'standard', enabled: true };
    const first = await journey.does<WebhookEndpointReply>(REGISTER, request, { idempotencyKey });
    const { endpointId } = first.webhookEndpoint;
    const changed = await update(journey, { endpointId, description: 'Changed since' });
    const repeated = await journey.does<WebhookEndpointReply>(REGISTER, request, { idempotencyKey });
    expect(repeated).toEqual({ webhookEndpoint: changed, position: first.position });
    expect(await list(journey)).toEqual([changed]);
    const another = await journey.isRefused(REGISTER, { ...request, types: [] }, { idempotencyKey });
    expect(another).toMatchObject({ code: 'idempotency-key-reused' });
    await journey.does(DELETE, { endpointId });
    expect(await journey.isRefused(REGISTER, request, { idempotencyKey })).toMatchObject({ code: 'not-found' });
  });

  test('are found by the start of their url, and sorted by it, page by page', async () => {
    const journey = await signing();
    const hosts = ['b', 'a', 'c'].map((name) => `https://${name}.example.com/`);
    for (const host of hosts) await register(journey, { url: host });
    const urls = async (query: object) => (await list(journey, query)).map((each) => each.url);
    expect(await urls({})).toEqual(hosts.toReversed());
    expect(await urls({ sort: 'name' })).toEqual(hosts.toSorted());
    expect(await urls({ q: 'HTTPS://C.' })).toEqual([hosts[2]]);
    const page = await journey.does<Page<WebhookEndpoint>>(LIST, { sort: 'name', limit: 2 });
    expect(await urls({ sort: 'name', limit: 2, cursor: page.nextCursor })).toEqual(hosts.toSorted().slice(2));
  });

  test('stand in the audit trail with all that happened to them', async () => {
    const journey = await signing();
    const { endpointId } = await register(journey, { description: 'Orders' });
    await update(journey, { endpointId, types: ['order.*'], enabled: false });
    await update(journey, { endpointId, enabled: true });
    await journey.does(DELETE, { endpointId });
    const entries = (await journey.trail()).filter(({ action }) => action.startsWith('WebhookEndpoint'));
    const field = (name: string): string => `webhookEndpoints.${endpointId}.${name}`;
    expect(entries.map(({ action, changes }) => [action, changes])).toEqual([
      [
        'WebhookEndpointRegistered',
        [
          { field: field('url'), from: null, to: url },
          { field: field('description'), from: null, to: 'Orders' },
          { field: field('scheme'), from: null, to: 'standard' },
          { field: field('enabled'), from: null, to: true },
        ],
      ],
      ['WebhookEndpointChanged', [{ field: field('types'), from: [], to: ['order.*'] }]],
      [
        'WebhookEndpointDisabled',
        [
          { field: field('enabled'), from: true, to: false },
          { field: field('disabledReason'), from: null, to: 'requested' },
        ],
      ],
      ['WebhookEndpointEnabled', [{ field: field('enabled'), from: false, to: true }]],
      ['WebhookEndpointDeleted', [{ field: `webhookEndpoints.${endpointId}`, from: endpointId, to: null }]],
    ]);
  });
});
