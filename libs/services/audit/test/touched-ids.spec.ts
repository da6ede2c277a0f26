import { auditAccessStream, catalogueStream, idForms, type CausedEvent, type IdName } from '@keyledger/domain';
import { changesOf } from '../src/changes-of.js';
import type { TrailFilters } from '../src/audit-trail.js';
import { accountA, accountB, callBy, credentialA, Installation, noon as at } from './installation.js';
import { Trail } from './trail.js';

const { streamPrefix } = Installation;
const idOf = (prefix: string, last: string): string => `${prefix}_0190d7a2-6c1e-7c3b-9c55-2f8f4a1b6e${last}`;
const credentialId = credentialA;
const previousCredentialId = idOf('cred', '20');
const applicationId = idOf('app', '21');
const ofCredential = { credentialId, at };
const ofApplication = { applicationId, at };
const ofEndpoint = { endpointId: idOf('whe', '22'), at };
const text = { from: 'old', to: 'new' };
const issued = { version: 2, digest: { value: 'the-digest', pepperVersion: 1 }, maskedSecret: 'kcs_…c0de' };

const created = {
  ...{ type: 'CredentialCreated', credentialId, credentialType: 'app_key_pair', name: null, description: null },
  ...{ mode: null, environment: 'production', applicationId, scopes: [], expiresAt: null, publicPart: 'kps_1' },
  ...{ publicPartMasked: false, bindsIpAllowlist: false, bindsEndpoints: true, retained: false, maySign: false },
  ...{ rotationAdviceDays: 90, ...issued, version: 1, at },
} as const satisfies CausedEvent;

/** One of each type that there is; the compiler asks for those that come. */
const everyEvent: { readonly [T in CausedEvent['type']]: Omit<Extract<CausedEvent, { type: T }>, 'type'> } = {
  AccountRegistered: { accountId: accountA, name: 'Acme', externalId: null, at },
  AccountChanged: { changes: { name: text }, at },
  AccountSuspended: { at },
  AccountResumed: { at },
  PlanChanged: { changes: { tier: { from: 'free', to: 'paid' } }, at },
  ApplicationRegistered: { ...ofApplication, title: 'Shop', description: null, endpointIds: [] },
  ApplicationChanged: { ...ofApplication, changes: { title: text } },
  ApplicationEndpointsChanged: { ...ofApplication, changes: { endpointIds: { from: [], to: ['orders'] } } },
  CredentialCreated: created,
  CredentialChanged: { ...ofCredential, changes: { description: text } },
  CredentialRotated: { ...ofCredential, ...issued, overlapEndsAt: at },
  AuthTokenRefreshed: { ...ofCredential, ...issued },
  RotationExtended: { ...ofCredential, changes: { overlapEndsAt: { from: at, to: at } } },
  RotationFinished: { ...ofCredential, endedVersion: 1 },
  RotationCancelled: { ...ofCredential, endedVersion: 2, restoredVersion: 1 },
  CredentialSuspended: ofCredential,
  CredentialResumed: ofCredential,
  CredentialRevoked: { ...ofCredential, reason: null },
  SecretAcknowledged: { ...ofCredential, version: 1 },
  SecretRevealed: ofCredential,
  WebhookSecretAssigned: { ...ofCredential, previousCredentialId },
  ApiAccessEnabled: { ...ofCredential, maskedAuthToken: 'kat_…1234', maskedPrivateSalt: 'whsec_…1234' },
  ApiAccessDisabled: ofCredential,
  IpAllowlistChanged: { changes: { cidrs: { from: [], to: ['192.0.2.0/24'] } }, at },
  CredentialDeleted: ofCredential,
  ApplicationDeleted: ofApplication,
  WebhookEndpointRegistered: {
    ...{ ...ofEndpoint, url: 'https://hooks.example.com/', description: null, types: [] },
    ...{ scheme: 'standard', enabled: true },
  },
  WebhookEndpointChanged: { ...ofEndpoint, changes: { url: text } },
  WebhookEndpointDisabled: { ...ofEndpoint, reason: 'gone' },
  WebhookEndpointEnabled: ofEndpoint,
  WebhookEndpointDeleted: ofEndpoint,
  ApiEndpointsReplaced: { changes: {}, at },
  AuditTrailRead: { accountId: accountA, filters: { credentialId, applicationId }, at },
};

const events = Object.entries(everyEvent).map(([type, body]) => ({ type, ...body }) as CausedEvent);
const elsewhere: Readonly<Partial<Record<CausedEvent['type'], string>>> = {
  ApiEndpointsReplaced: catalogueStream(streamPrefix),
  AuditTrailRead: auditAccessStream(streamPrefix, accountA),
};

/** Every id in the event, wherever it stands. */
const idsIn = (event: CausedEvent): ReadonlySet<string> =>
  new Set(JSON.stringify(event).match(/(?:acct|app|cred)_[0-9a-f-]{36}/g));

const nameOf = (id: string): IdName =>
  (Object.keys(idForms) as IdName[]).find((name) => idForms[name].test(id)) ?? 'eventId';

let installation: Installation;
let trail: Trail;

beforeAll(async () => {
  installation = await Installation.open();
  trail = await Trail.open(installation);
  const other = { ...created, credentialId: previousCredentialId, applicationId: null };
  await installation.toAccount(accountA, callBy('jo'), other);
  for (const event of events) {
    const stream = elsewhere[event.type];
    if (stream === undefined) await installation.toAccount(accountA, callBy('jo'), event);
    else await installation.append(stream, callBy('jo'), event);
  }
  await trail.project();
});
afterAll(() => installation.close());

const found = async (filters: TrailFilters, accountId: string | null = null): Promise<readonly string[]> =>
  (await trail.all(accountId, { action: events.map(({ type }) => type), ...filters })).map(({ action }) => action);

const idsOf = events.flatMap((event) => [...idsIn(event)].map((id) => [event.type, nameOf(id), id] as const));

it('has events that name ids of every kind that can be filtered by', () => {
  expect(new Set(idsOf.map(([, name]) => name))).toEqual(new Set(['accountId', 'applicationId', 'credentialId']));
  expect(idsOf.filter(([, , id]) => id === previousCredentialId)).toHaveLength(1);
});

it.each(idsOf)('%s is found by the %s that it names: %s', async (type, name, id) => {
  const actions = name === 'accountId' ? await found({}, id) : await found({ [name]: id });
  expect(actions).toContain(type);
});

it.each(idsOf)('%s shows the %s that it names: %s', async (type, _, id) => {
  const [item] = await trail.all(null, { action: [type] });
  const shown = [item?.accountId, item?.credentialId, item?.applicationId, ...changesOf(eventOf(type)).map(fromOf)];
  expect(shown).toContain(id);
});

const eventOf = (type: string): CausedEvent => events.find((event) => event.type === type) ?? created;
const fromOf = ({ from }: { readonly from: unknown }): unknown => from;

it('shows of a moved signer one entry in both trails', async () => {
  const moved = { action: ['WebhookSecretAssigned'] };
  const [byNew, byOld] = [
    await trail.all(accountA, { ...moved, credentialId }),
    await trail.all(accountA, { ...moved, credentialId: previousCredentialId }),
  ];
  expect(byNew).toHaveLength(1);
  expect(byOld).toEqual(byNew);
  expect(byNew[0]).toMatchObject({
    credentialId,
    changes: [{ field: 'webhookSigner', from: previousCredentialId, to: credentialId }],
  });
  expect(await found({ credentialId: previousCredentialId })).toEqual(['WebhookSecretAssigned', 'CredentialCreated']);
});

it('shows of a signer that is assigned to itself one entry', async () => {
  const again: CausedEvent = { type: 'WebhookSecretAssigned', credentialId, previousCredentialId: credentialId, at };
  await installation.toAccount(accountB, callBy('jo'), again);
  await trail.project();
  expect((await trail.all(accountB, { credentialId })).map(({ action }) => action)).toEqual(['WebhookSecretAssigned']);
});

it('finds all that happened to the key pairs of an application, in whichever batch it came', async () => {
  const ofPairs = Object.entries(everyEvent).flatMap(([type, body]) => ('credentialId' in body ? [type] : []));
  const ofOneBatch = await found({ applicationId });
  expect(ofOneBatch).toEqual(expect.arrayContaining(ofPairs));
  const single = await Trail.open(installation, 'single');
  for (const event of await single.recorded()) await single.apply([event]);
  const actions = events.map(({ type }) => type);
  expect((await single.all(null, { action: actions, applicationId })).map(({ action }) => action)).toEqual(ofOneBatch);
});
