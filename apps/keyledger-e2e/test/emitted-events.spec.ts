import { publicEvents, type IssuedCredentialReply, type PublicEvent } from '@keyledger/contract';
import type { PositionReply, RegisterApplicationReply, WebhookEndpointReply } from '@keyledger/contract';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Json } from './harness/http-client.js';
import { newJourney, type Journey } from './harness/journey.js';
import { sharedServer } from './harness/shared-server.js';
import { Canaries } from './secrecy/canaries.js';
import { SecretIssuer } from './secrecy/issue-secrets.js';

const visit = sharedServer();
afterAll(() => visit.close());

const canaries = new Canaries();
let events: readonly PublicEvent[];
let text = '';

const changeAccount = async (journey: Journey): Promise<void> => {
  await journey.does('AccountService/UpdateAccount', { name: 'Zürich "東京" 🚀 \\' });
  await journey.does('AccountService/SetPlan', { tier: 'paid', paymentMethodOnFile: true });
  await journey.does('ApiAccessService/SetIpAllowlist', { cidrs: ['10.0.0.0/8', '2001:db8::/32'] });
};

const changeApplication = async (journey: Journey): Promise<void> => {
  const endpoints = [{ endpointId: 'orders.list', method: 'GET', path: '/orders', status: 'active' }];
  await journey.does('CatalogueService/ReplaceApiEndpoints', { endpoints });
  const register = 'ApplicationService/RegisterApplication';
  const registered = await journey.does<RegisterApplicationReply>(register, { title: 'Shop', endpointIds: [] });
  const { applicationId } = registered.application;
  await journey.does('ApplicationService/UpdateApplication', {
    applicationId,
    title: 'Web shop',
    description: 'Sells',
  });
  await journey.does('ApplicationService/SetApplicationEndpoints', { applicationId, endpointIds: ['orders.list'] });
  await journey.does('ApplicationService/DeleteApplication', { applicationId });
};

const changeCredentials = async (journey: Journey): Promise<void> => {
  const create = async (fields: Json): Promise<{ credentialId: string }> => {
    const { credential } = await journey.does<IssuedCredentialReply>('CredentialService/CreateCredential', fields);
    return { credentialId: credential.credentialId };
  };
  const key = await create({ type: 'api_key', mode: 'live', name: 'ci', expiresAt: '2040-01-01T00:00:00Z' });
  await journey.does('CredentialService/UpdateCredential', { ...key, description: 'Builds', scopes: ['builds:read'] });
  await journey.does('CredentialService/SuspendCredential', key);
  await journey.does('CredentialService/ResumeCredential', key);
  const rotation = { ...key, overlapSeconds: 3600 };
  const { credential } = await journey.does<IssuedCredentialReply>('CredentialService/RotateCredential', rotation);
  const { validUntil } = credential.versions.find(({ state }) => state === 'overlap') ?? {};
  const overlapEndsAt = new Date(Date.parse(validUntil ?? '') + 3_600_000).toISOString();
  await journey.does('CredentialService/ChangeRotation', { ...key, overlapEndsAt });
  await journey.does('CredentialService/CancelRotation', key);
  await journey.does('CredentialService/RotateCredential', rotation);
  await journey.does('CredentialService/FinishRotation', key);
  await journey.does('CredentialService/SetWebhookSigner', await create({ type: 'api_secret' }));
};

const changeWebhookEndpoint = async (journey: Journey): Promise<void> => {
  const facts = { url: 'https://hooks.example.com/keyledger', types: ['order.*'], scheme: 'standard' };
  const made = await journey.does<WebhookEndpointReply>('WebhookService/RegisterEndpoint', facts);
  const { endpointId } = made.webhookEndpoint;
  const changes = { url: 'https://hooks.example.com:8443/', description: 'Orders', types: [] };
  await journey.does('WebhookService/UpdateEndpoint', { endpointId, ...changes, enabled: false });
  await journey.does('WebhookService/UpdateEndpoint', { endpointId, enabled: true });
  await journey.does('WebhookService/DeleteEndpoint', { endpointId });
};

/** What the feed sends from its beginning on, up to the event at this position. */
const feedUpTo = async (position: string, token: string): Promise<string> => {
  const headers = { authorization: `Bearer ${token}` };
  const { body } = await fetch(`${visit.http.baseUrl}/v1/events?from=0`, { headers });
  const decoder = new TextDecoder();
  let read = '';
  for await (const bytes of (body ?? []) as AsyncIterable<Uint8Array>) {
    read += decoder.decode(bytes, { stream: true });
    // Leaving the loop ends the request.
    if (new RegExp(`^id: ${position}\n[^]*\n\n`, 'm').test(read)) break;
  }
  return read;
};

beforeAll(async () => {
  const journey = await newJourney(visit, visit.doors[0]);
  const { accountId } = journey;
  await new SecretIssuer(visit.doors[1], canaries, await visit.token(), accountId).issueAll();
  await changeAccount(journey);
  await changeApplication(journey);
  await changeCredentials(journey);
  await changeWebhookEndpoint(journey);
  await journey.does('ApiAccessService/DisableApiAccess');
  await journey.does('AccountService/SuspendAccount');
  const { position } = await journey.does<PositionReply>('AccountService/ResumeAccount');
  text = await feedUpTo(position, await visit.token({ roles: ['owner'], accounts: [accountId] }));
  events = [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data) as PublicEvent);
});

it('sends every type of event, with sequences from 0 without a gap', () => {
  const types = Object.values(publicEvents).map(({ type }) => type);
  expect([...new Set(events.map(({ type }) => type))].sort()).toEqual([...types].sort());
  expect(events.map(({ sequence }) => Number(sequence))).toEqual(events.map((_, index) => index));
});

it('sends what the AsyncAPI document of the same server describes', async () => {
  const { components } = (await visit.http.get<{ components: object }>('/asyncapi.json')).body;
  const formats = { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ };
  const ajv = new Ajv2020({ formats, strict: true, strictRequired: false, strictTypes: false });
  ajv.addKeyword('components').addSchema({ components }, 'document');
  for (const event of events) {
    const validate = ajv.compile({ $ref: `document#/components/messages/${event.type}.structured/payload` });
    expect([event.type, validate(event), validate.errors]).toEqual([event.type, true, null]);
  }
});

it('sends no secret, and nothing of who did it and from where', () => {
  expect(canaries.count).toBeGreaterThan(20);
  expect(canaries.leaksIn(text)).toEqual([]);
  expect(text).not.toMatch(/digest|masked|…|127\.0\.0\.1|::1|user-?agent|issuer|correlation/i);
  for (const { data } of events) expect(Object.keys(data.actor)).toEqual(['type']);
});
