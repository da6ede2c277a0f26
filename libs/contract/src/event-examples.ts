import { schemaIdOf, type PublicEvent } from './cloud-event.js';
import { publicEvents, type PublicData, type PublicEventName } from './public-events.js';

export const accountId = 'acct_0190b5a0-7c1e-7000-8000-000000000001';
const applicationId = 'app_0190b5a0-7c1e-7000-8000-000000000002';
export const credentialId = 'cred_0190b5a0-7c1e-7000-8000-000000000003';
const previousCredentialId = 'cred_0190b5a0-7c1e-7000-8000-000000000004';
export const endpointId = 'whe_0190b5a0-7c1e-7000-8000-000000000006';
export const logId = '0190b5a07c1e70008000000000000005';

type Examples = { readonly [N in PublicEventName]: Omit<PublicData<N>, 'accountId' | 'actor'> };

/** What each event tells, beside whose account it is and who did it. A test makes them of the golden events. */
const examples: Examples = {
  AccountRegistered: { name: 'Acme', externalId: 'crm-42' },
  AccountChanged: { changes: { name: { from: 'Acme', to: 'Acme Ltd' } } },
  AccountSuspended: {},
  AccountResumed: {},
  PlanChanged: { changes: { tier: { from: 'free', to: 'paid' }, paymentMethodOnFile: { from: false, to: true } } },
  ApiAccessEnabled: { credentialId },
  ApiAccessDisabled: { credentialId },
  IpAllowlistChanged: { changes: { cidrs: { from: [], to: ['10.0.0.0/8', '2001:db8::/32'] } } },
  ApplicationRegistered: {
    applicationId,
    title: 'Web shop',
    description: null,
    endpointIds: ['orders.list', 'orders.create'],
  },
  ApplicationChanged: {
    applicationId,
    changes: { title: { from: 'Web shop', to: 'Shop' }, description: { from: null, to: 'Sells things' } },
  },
  ApplicationEndpointsChanged: {
    applicationId,
    changes: { endpointIds: { from: ['orders.list', 'orders.create'], to: ['orders.list'] } },
  },
  ApplicationDeleted: { applicationId },
  CredentialCreated: {
    credentialId,
    credentialType: 'api_key',
    name: 'ci',
    description: 'Nightly builds',
    mode: 'test',
    environment: null,
    applicationId: null,
    scopes: ['builds:read', 'builds:write'],
    expiresAt: '2027-03-01T00:00:00.000Z',
    publicPart: null,
    version: 1,
  },
  CredentialChanged: {
    credentialId,
    changes: {
      description: { from: 'Nightly builds', to: null },
      scopes: { from: ['builds:read'], to: [] },
      expiresAt: { from: null, to: '2027-03-01T00:00:00.000Z' },
    },
  },
  CredentialRotated: { credentialId, version: 2, overlapEndsAt: '2026-03-02T09:30:00.000Z' },
  AuthTokenRefreshed: { credentialId, version: 2 },
  RotationExtended: {
    credentialId,
    changes: { overlapEndsAt: { from: '2026-03-02T09:30:00.000Z', to: '2026-03-03T09:30:00.000Z' } },
  },
  RotationFinished: { credentialId, endedVersion: 1 },
  RotationCancelled: { credentialId, endedVersion: 2, restoredVersion: 1 },
  CredentialSuspended: { credentialId },
  CredentialResumed: { credentialId },
  CredentialRevoked: { credentialId, reason: 'Seen in a public repository' },
  CredentialDeleted: { credentialId },
  SecretAcknowledged: { credentialId, version: 2 },
  SecretRevealed: { credentialId },
  WebhookSecretAssigned: { credentialId, previousCredentialId },
  WebhookEndpointRegistered: {
    endpointId,
    url: 'https://hooks.example.com/keyledger',
    description: 'Orders',
    types: ['order.created', 'keyledger.credential.*'],
    scheme: 'standard',
    enabled: true,
  },
  WebhookEndpointChanged: {
    endpointId,
    changes: {
      url: { from: 'https://hooks.example.com/keyledger', to: 'https://hooks.example.com:8443/' },
      description: { from: 'Orders', to: null },
      types: { from: ['order.created'], to: [] },
      scheme: { from: 'standard', to: 'mac' },
    },
  },
  WebhookEndpointDisabled: { endpointId, reason: 'failing' },
  WebhookEndpointEnabled: { endpointId },
  WebhookEndpointDeleted: { endpointId },
};

/** An event of each kind as it is sent. */
export const exampleOf = (name: PublicEventName): PublicEvent => {
  const told: object = examples[name];
  const ids = told as { readonly [K in 'credentialId' | 'applicationId' | 'endpointId']?: string | null };
  const { type } = publicEvents[name];
  return {
    specversion: '1.0',
    id: 'evt_0190b5a0-7c1e-7000-8000-000000000006',
    source: `urn:keyledger:log:${logId}`,
    type,
    subject: ids.credentialId ?? ids.applicationId ?? ids.endpointId ?? accountId,
    time: '2026-03-01T09:30:00.000Z',
    datacontenttype: 'application/json',
    dataschema: schemaIdOf(type),
    partitionkey: accountId,
    sequence: '0000000000000042',
    position: `${logId}-0000000000000109`,
    data: { accountId, actor: { type: 'user' }, ...told },
  };
};
