import { randomUUID } from 'node:crypto';
import type {
  Account,
  ApiAccess,
  ApiEndpointCatalogue,
  Application,
  Credential,
  IssuedCredentialReply,
  RegisterApplicationReply,
  WebhookEndpoint,
  WebhookEndpointReply,
} from '@keyledger/contract';
import { newJourney, type Journey } from '../harness/journey.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

const GET_ENDPOINTS = 'CatalogueService/GetApiEndpoints';
const REPLACE = 'CatalogueService/ReplaceApiEndpoints';
const farAway = '2100-01-01T00:00:00.000Z';

const catalogue = (journey: Journey): Promise<ApiEndpointCatalogue> =>
  journey.does<ApiEndpointCatalogue>(GET_ENDPOINTS);

/** An application with one active and one retired endpoint. */
const withEndpoints = async (journey: Journey): Promise<Application> => {
  const ids = [randomUUID(), randomUUID()];
  const added = ids.map((endpointId) => ({ endpointId, method: 'GET', path: `/${endpointId}` }));
  const { endpoints } = await catalogue(journey);
  await journey.does(REPLACE, { endpoints: [...endpoints, ...added] });
  const fields = { title: 'Portal', endpointIds: ids };
  const reply = await journey.does<RegisterApplicationReply>('ApplicationService/RegisterApplication', fields);
  await journey.does(REPLACE, { endpoints: [...endpoints, added[0]] });
  const { applicationId } = reply.application;
  return journey.does<Application>('ApplicationService/GetApplication', { applicationId });
};

const issue = async (journey: Journey, fields: object): Promise<Credential> => {
  const reply = await journey.does<IssuedCredentialReply>('CredentialService/CreateCredential', { ...fields });
  return journey.credential(reply.credential.credentialId);
};

/** Does it, and fails if it changes anything. */
const changesNothing = async (journey: Journey, rpc: string, fields: object): Promise<void> => {
  const before = (await journey.trail()).length;
  await journey.does(rpc, { ...fields });
  expect({ rpc, events: (await journey.trail()).length }).toEqual({ rpc, events: before });
};

describe.each(visit.doors)('what a read has answered is given back over $name', (door) => {
  test('the catalogue, as a whole, with what is retired and its revision', async () => {
    const journey = await newJourney(visit, door);
    const { endpoints: connected } = await withEndpoints(journey);
    expect(connected.map(({ status }) => status).sort()).toEqual(['active', 'retired']);
    const read = await catalogue(journey);
    await journey.does(REPLACE, { ...read });
    expect(await catalogue(journey)).toEqual(read);
    const other = { endpointId: randomUUID(), method: 'GET', path: `/${randomUUID()}` };
    await journey.does(REPLACE, { ...read, endpoints: [...read.endpoints, other] });
    // What was read before the change would undo it.
    expect(await journey.isRefused(REPLACE, { ...read })).toMatchObject({ code: 'revision-mismatch' });
    expect((await catalogue(journey)).endpoints.map(({ endpointId }) => endpointId)).toContain(other.endpointId);
  });

  test('the allow-list, in which one block stands once, however it is written', async () => {
    const journey = await newJourney(visit, door);
    await journey.does('ApiAccessService/EnableApiAccess');
    const cidrs = ['1.2.3.0/24', '::ffff:1.2.3.0/120', '::FFFF:102:300/120', '2001:DB8::/32', '2001:db8::/32'];
    expect(await journey.does('ApiAccessService/SetIpAllowlist', { cidrs })).toMatchObject({
      cidrs: ['1.2.3.0/24', '2001:db8::/32'],
    });
    const { ipAllowlist } = await journey.does<ApiAccess>('ApiAccessService/GetApiAccess');
    await changesNothing(journey, 'ApiAccessService/SetIpAllowlist', { cidrs: ipAllowlist });
  });

  test('account, plan and application', async () => {
    const journey = await newJourney(visit, door);
    const { name, plan } = await journey.does<Account>('AccountService/GetAccount');
    const { applicationId, title, description, endpoints } = await withEndpoints(journey);
    await changesNothing(journey, 'AccountService/UpdateAccount', { name });
    await changesNothing(journey, 'AccountService/SetPlan', plan);
    await changesNothing(journey, 'ApplicationService/UpdateApplication', { applicationId, title, description });
    const endpointIds = endpoints.map(({ endpointId }) => endpointId);
    await changesNothing(journey, 'ApplicationService/SetApplicationEndpoints', { applicationId, endpointIds });
  });

  test('credentials of each type, in each state', async () => {
    const journey = await newJourney(visit, door);
    await journey.does('ApiAccessService/EnableApiAccess');
    const { applicationId } = await withEndpoints(journey);
    const scopes = ['read'];
    const issued = [
      ...(await journey.credentials()),
      await issue(journey, { type: 'client_credentials', name: 'billing-service', scopes, expiresAt: farAway }),
      await issue(journey, { type: 'api_key', mode: 'test', description: 'Mine' }),
      await issue(journey, { type: 'app_key_pair', applicationId, environment: 'staging' }),
      await issue(journey, { type: 'api_secret' }),
    ];
    const giveBack = async (credentialId: string): Promise<void> => {
      const { description, scopes, expiresAt } = await journey.credential(credentialId);
      const fields = { credentialId, description, scopes, expiresAt };
      await changesNothing(journey, 'CredentialService/UpdateCredential', fields);
    };
    for (const { credentialId } of issued) await giveBack(credentialId);
    const { credentialId = '' } = issued[1] ?? {};
    await journey.does('CredentialService/SuspendCredential', { credentialId });
    await giveBack(credentialId);
    await journey.does('CredentialService/RevokeCredential', { credentialId });
    await giveBack(credentialId);
    const signer = (await journey.credentials()).find(({ webhookSigner }) => webhookSigner);
    await changesNothing(journey, 'CredentialService/SetWebhookSigner', { credentialId: signer?.credentialId });
  });

  test('a webhook endpoint', async () => {
    const journey = await newJourney(visit, door);
    await issue(journey, { type: 'api_secret' });
    const asked = { url: 'https://hooks.example.com/a?b=c', types: ['order.*', 'user.created'], scheme: 'standard' };
    const made = await journey.does<WebhookEndpointReply>('WebhookService/RegisterEndpoint', asked);
    const { endpointId } = made.webhookEndpoint;
    const endpoint = await journey.does<WebhookEndpoint>('WebhookService/GetEndpoint', { endpointId });
    const { url, description, types, scheme, enabled } = endpoint;
    expect({ url, types, scheme }).toEqual(asked);
    const given = { endpointId, url, description, types, scheme, enabled };
    await changesNothing(journey, 'WebhookService/UpdateEndpoint', given);
  });

  test('the end of an overlap', async () => {
    const journey = await newJourney(visit, door);
    const { credentialId } = await issue(journey, { type: 'client_credentials', name: 'billing-service' });
    await journey.does('CredentialService/RotateCredential', { credentialId, overlapSeconds: 3600 });
    const { versions } = await journey.credential(credentialId);
    const overlapEndsAt = versions.find(({ state }) => state === 'overlap')?.validUntil;
    await changesNothing(journey, 'CredentialService/ChangeRotation', { credentialId, overlapEndsAt });
  });
});

test('a catalogue that was read before anybody wrote one is not given back later', async () => {
  const journey = await newJourney(visit, visit.doors[0]);
  await withEndpoints(journey);
  expect(await journey.isRefused(REPLACE, { endpoints: [], revision: null })).toMatchObject({
    code: 'revision-mismatch',
  });
});

test('both conditions count where the header has one as well', async () => {
  const journey = await newJourney(visit, visit.doors[0]);
  await withEndpoints(journey);
  const read = await catalogue(journey);
  const revision = read.revision ?? 0;
  expect(await journey.isRefused(REPLACE, { ...read }, { revision: revision + 1 })).toMatchObject({
    code: 'revision-mismatch',
  });
  await journey.does(REPLACE, { ...read }, { revision });
});

test.each([-1, 1.5, '1', 2 ** 53])('%j is no revision', async (revision) => {
  const journey = await newJourney(visit, visit.doors[0]);
  expect(await journey.isRefused(REPLACE, { endpoints: [], revision })).toEqual({
    code: 'invalid-request',
    fields: ['revision'],
  });
});
