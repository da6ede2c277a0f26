import { randomUUID } from 'node:crypto';
import { FollowerPositions } from '@keyledger/read-models';
import {
  applicationRegistered,
  created,
  newId,
  registered,
  second,
  webhookEndpointRegistered,
} from './account-events.js';
import { Doors } from './doors.js';
import { Installation } from './installation.js';

const [mine, other] = [newId('acct'), newId('acct')];
const verifierId = randomUUID();
const [credentialId, applicationId, endpointId] = [newId('cred'), newId('app'), newId('whe')];

let installation: Installation;
let doors: Doors;
let operator: string;
let viewer: string;
let position: string;

beforeAll(async () => {
  installation = await Installation.open();
  await installation.toAccount(
    mine,
    registered(mine, { name: 'Acme', externalId: 'customer-1' }),
    applicationRegistered(applicationId, { title: 'Billing', endpointIds: ['list'] }),
    created(credentialId, { name: 'billing-service', publicPart: 'kci_Abc' }),
    webhookEndpointRegistered(endpointId),
  );
  await installation.toAccount(other, registered(other, { name: 'Other', at: second(2) }));
  const to = { method: 'GET', path: '/invoices' };
  await installation.toCatalogue({
    type: 'ApiEndpointsReplaced',
    changes: { list: { from: null, to } },
    at: second(3),
  });
  const last = (await installation.events()).at(-1);
  position = last?.position ?? '';
  const followers = new FollowerPositions(installation.pool, installation.log, 'green_followers');
  await followers.ensure();
  await followers.report({ verifierId, anchor: { position, eventId: last?.id ?? '' }, policy: 'closed' }, true);
  doors = await Doors.open(installation);
  operator = await doors.token(['operator'], '*');
  viewer = await doors.token(['viewer'], [mine]);
});

afterAll(async () => {
  await doors.close();
  await installation.close();
});

const read = (path: string, token = viewer) =>
  doors.get(`${path}${path.includes('?') ? '&' : '?'}minPosition=${position}`, token);

describe('over HTTP', () => {
  const account = `/v1/accounts/${mine}`;

  it.each([
    [account, '"0"', { accountId: mine, name: 'Acme', externalId: 'customer-1', revision: 0 }],
    [`${account}/api-access`, '"0"', { enabled: false, credentialId: null, ipAllowlist: [], revision: 0 }],
    [`${account}/applications/${applicationId}`, '"1"', { title: 'Billing', endpoints: [{ endpointId: 'list' }] }],
    [`${account}/credentials/${credentialId}`, '"2"', { name: 'billing-service', status: 'active', revision: 2 }],
    ['/v1/api-endpoints', '"0"', { endpoints: [{ endpointId: 'list', status: 'active' }], revision: 0 }],
    ['/v1/accounts', null, { items: [{ accountId: mine }], nextCursor: null }],
    ['/v1/accounts?externalId=customer-1', null, { items: [{ accountId: mine }] }],
    [`${account}/webhook-endpoints/${endpointId}`, '"3"', { endpointId, enabled: true, disabledReason: null }],
    [`${account}/webhook-endpoints?q=https`, null, { items: [{ endpointId }], nextCursor: null }],
    [`${account}/applications?q=bill`, null, { items: [{ applicationId }], nextCursor: null }],
    [`${account}/credentials?type=client_credentials&status=active&limit=1`, null, { items: [{ credentialId }] }],
    [
      '/v1/credential-types',
      null,
      { items: expect.arrayContaining([expect.objectContaining({ type: 'api_key' })]) as unknown },
    ],
  ])('GET %s answers with the ETag %s', async (path, etag, body) => {
    const reply = await read(path);
    expect(reply).toMatchObject({ status: 200, etag, position, body });
  });

  it('GET /v1/position tells the head of the log', async () => {
    expect(await read('/v1/position')).toMatchObject({ status: 200, position, body: { position } });
    const { status, body } = await doors.get(`/v1/position?minPosition=${'0'.repeat(32)}-${'0'.repeat(16)}`, viewer);
    expect([status, body['code']]).toEqual([422, 'position-of-another-log']);
  });

  it('GET /v1/positions/{position} tells which verifiers are past it', async () => {
    const later = `${position.slice(0, -16)}${'f'.repeat(16)}`;
    expect(await read(`/v1/positions/${position}`)).toMatchObject({
      ...{ status: 200, etag: null, position },
      body: { position, verifiers: [{ verifierId, position, guaranteed: true }] },
    });
    const { body } = await read(`/v1/positions/${later}`);
    expect(body).toMatchObject({ position: later, verifiers: [{ verifierId, position, guaranteed: false }] });
  });

  it.each([
    [422, 'position-of-another-log', () => `${'0'.repeat(32)}-${'0'.repeat(16)}`],
    [404, 'not-found', () => 'nowhere'],
    [404, 'not-found', () => position.toUpperCase()],
    // As long as those of the other engine.
    [404, 'not-found', () => `${position}${'0'.repeat(16)}`],
  ])('GET /v1/positions answers %i %s', async (status, code, asked) => {
    expect(await read(`/v1/positions/${asked()}`)).toMatchObject({ status, body: { code } });
  });

  it('GET /v1/positions/{position} is for those who read, and not for verifiers', async () => {
    const { status } = await doors.get(`/v1/positions/${position}`, await doors.token(['verifier'], '*'));
    expect(status).toBe(403);
  });

  it.each([
    [`/v1/accounts/${other}`],
    [`/v1/accounts/${other}/credentials`],
    [`/v1/accounts/${mine}/credentials/${newId('cred')}`],
    [`/v1/accounts/${mine}/applications/${newId('app')}`],
    [`/v1/accounts/${mine}/webhook-endpoints/${newId('whe')}`],
    [`/v1/accounts/${other}/webhook-endpoints`],
  ])('GET %s is not found by one who may not see it', async (path) => {
    expect(await read(path)).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  it('shows all accounts to those who may see all', async () => {
    const { body } = await read('/v1/accounts?sort=createdAt', operator);
    expect(body['items']).toMatchObject([{ accountId: mine }, { accountId: other }]);
    expect((await read('/v1/accounts', await doors.token(['verifier'], '*'))).status).toBe(403);
  });
});

describe('over gRPC', () => {
  it('lists credentials by the same rules', async () => {
    const request = { accountId: mine, q: 'BILLING', limit: 1 };
    const page = { items: [{ credentialId, name: 'billing-service', status: 'active' }] };
    expect(await doors.call('CredentialService/ListCredentials', request, viewer)).toMatchObject(page);
    const refused = doors.call('CredentialService/ListCredentials', { ...request, limit: 0 }, viewer);
    await expect(refused).rejects.toMatchObject({ code: 3 });
  });

  it.each([
    ['AccountService/GetAccount', { accountId: mine }, { name: 'Acme' }],
    ['AccountService/ListAccounts', {}, { items: [{ accountId: mine }] }],
    ['ApiAccessService/GetApiAccess', { accountId: mine }, {}],
    ['ApplicationService/ListApplications', { accountId: mine }, { items: [{ applicationId }] }],
    ['ApplicationService/GetApplication', { accountId: mine, applicationId }, { title: 'Billing' }],
    ['WebhookService/ListEndpoints', { accountId: mine }, { items: [{ endpointId }] }],
    ['WebhookService/GetEndpoint', { accountId: mine, endpointId }, { url: 'https://hooks.example.com/' }],
    ['CredentialService/GetCredential', { accountId: mine, credentialId }, { publicPart: 'kci_Abc' }],
    ['CatalogueService/GetApiEndpoints', {}, { endpoints: [{ endpointId: 'list' }] }],
    ['CatalogueService/ListCredentialTypes', {}, { items: expect.any(Array) as unknown }],
  ])('%s answers', async (rpc, request, reply) => {
    expect(await doors.call(rpc, request, viewer)).toMatchObject(reply);
  });

  it('PositionService/GetReceipt tells which verifiers are past a position', async () => {
    const receipt = { position, verifiers: [{ verifierId, position, guaranteed: true }] };
    expect(await doors.call('PositionService/GetReceipt', { position }, viewer)).toMatchObject(receipt);
    const malformed = doors.call('PositionService/GetReceipt', { position: 'nowhere' }, viewer);
    await expect(malformed).rejects.toMatchObject({ code: 5 });
  });

  it('PositionService/GetPosition tells the head of the log', async () => {
    expect(await doors.call('PositionService/GetPosition', {}, viewer)).toEqual({ position });
  });
});
