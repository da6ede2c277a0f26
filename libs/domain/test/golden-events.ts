import type { StoredEvent } from '../src/index.js';

const accountId = 'acct_0190b5a0-7c1e-7000-8000-000000000001';
const applicationId = 'app_0190b5a0-7c1e-7000-8000-000000000002';
const credentialId = 'cred_0190b5a0-7c1e-7000-8000-000000000003';
const previousCredentialId = 'cred_0190b5a0-7c1e-7000-8000-000000000004';
const endpointId = 'whe_0190b5a0-7c1e-7000-8000-000000000006';
const at = '2026-03-01T09:30:00.000Z';
const issued = {
  version: 2,
  digest: { value: 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA', pepperVersion: 1 },
  maskedSecret: 'key_test_…Zz09',
};

/**
 * What each golden file decodes to, by file name. The files are what a log may hold: they are never edited, and a new
 * schema version adds one.
 */
export const goldenEvents: Readonly<Record<string, StoredEvent>> = {
  'AccountRegistered.v1': { type: 'AccountRegistered', accountId, name: 'Acme', externalId: 'crm-42', at },
  'AccountChanged.v1': { type: 'AccountChanged', changes: { name: { from: 'Acme', to: 'Acme Ltd' } }, at },
  'AccountSuspended.v1': { type: 'AccountSuspended', at },
  'AccountResumed.v1': { type: 'AccountResumed', at },
  'PlanChanged.v1': {
    type: 'PlanChanged',
    changes: { tier: { from: 'free', to: 'paid' }, paymentMethodOnFile: { from: false, to: true } },
    at,
  },
  'ApiAccessEnabled.v1': {
    type: 'ApiAccessEnabled',
    credentialId,
    maskedAuthToken: 'kat_…aB3d',
    maskedPrivateSalt: 'whsec_…xY9=',
    at,
  },
  'ApiAccessDisabled.v1': { type: 'ApiAccessDisabled', credentialId, at },
  'IpAllowlistChanged.v1': {
    type: 'IpAllowlistChanged',
    changes: { cidrs: { from: [], to: ['10.0.0.0/8', '2001:db8::/32'] } },
    at,
  },
  'ApplicationRegistered.v1': {
    type: 'ApplicationRegistered',
    applicationId,
    title: 'Web shop',
    description: null,
    endpointIds: ['orders.list', 'orders.create'],
    at,
  },
  'ApplicationChanged.v1': {
    type: 'ApplicationChanged',
    applicationId,
    changes: { title: { from: 'Web shop', to: 'Shop' }, description: { from: null, to: 'Sells things' } },
    at,
  },
  'ApplicationEndpointsChanged.v1': {
    type: 'ApplicationEndpointsChanged',
    applicationId,
    changes: { endpointIds: { from: ['orders.list', 'orders.create'], to: ['orders.list'] } },
    at,
  },
  'ApplicationDeleted.v1': { type: 'ApplicationDeleted', applicationId, at },
  'CredentialCreated.v1': {
    type: 'CredentialCreated',
    credentialId,
    credentialType: 'app_key_pair',
    name: null,
    description: 'Written before rotation advice was a fact of the event',
    mode: null,
    environment: 'production',
    applicationId,
    scopes: ['orders:read'],
    expiresAt: null,
    publicPart: 'kps_1234567890abcdefghijkl',
    publicPartMasked: false,
    bindsIpAllowlist: false,
    bindsEndpoints: true,
    retained: false,
    maySign: false,
    rotationAdviceDays: null,
    ...issued,
    version: 1,
    at,
  },
  'CredentialCreated.v2': {
    type: 'CredentialCreated',
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
    publicPartMasked: true,
    bindsIpAllowlist: false,
    bindsEndpoints: false,
    retained: false,
    maySign: false,
    rotationAdviceDays: 90,
    ...issued,
    version: 1,
    at,
  },
  'CredentialChanged.v1': {
    type: 'CredentialChanged',
    credentialId,
    changes: {
      description: { from: 'Nightly builds', to: null },
      scopes: { from: ['builds:read'], to: [] },
      expiresAt: { from: null, to: '2027-03-01T00:00:00.000Z' },
    },
    at,
  },
  'CredentialRotated.v1': {
    type: 'CredentialRotated',
    credentialId,
    ...issued,
    overlapEndsAt: '2026-03-02T09:30:00.000Z',
    at,
  },
  'AuthTokenRefreshed.v1': { type: 'AuthTokenRefreshed', credentialId, ...issued, maskedSecret: 'kat_…aB3d', at },
  'RotationExtended.v1': {
    type: 'RotationExtended',
    credentialId,
    changes: { overlapEndsAt: { from: '2026-03-02T09:30:00.000Z', to: '2026-03-03T09:30:00.000Z' } },
    at,
  },
  'RotationFinished.v1': { type: 'RotationFinished', credentialId, endedVersion: 1, at },
  'RotationCancelled.v1': { type: 'RotationCancelled', credentialId, endedVersion: 2, restoredVersion: 1, at },
  'CredentialSuspended.v1': { type: 'CredentialSuspended', credentialId, at },
  'CredentialResumed.v1': { type: 'CredentialResumed', credentialId, at },
  'CredentialRevoked.v1': { type: 'CredentialRevoked', credentialId, reason: 'Seen in a public repository', at },
  'CredentialDeleted.v1': { type: 'CredentialDeleted', credentialId, at },
  'SecretAcknowledged.v1': { type: 'SecretAcknowledged', credentialId, version: 2, at },
  'SecretRevealed.v1': { type: 'SecretRevealed', credentialId, at },
  'WebhookSecretAssigned.v1': { type: 'WebhookSecretAssigned', credentialId, previousCredentialId, at },
  'WebhookEndpointRegistered.v1': {
    type: 'WebhookEndpointRegistered',
    endpointId,
    url: 'https://hooks.example.com/keyledger',
    description: 'Orders',
    types: ['order.created', 'keyledger.credential.*'],
    scheme: 'standard',
    enabled: true,
    at,
  },
  'WebhookEndpointChanged.v1': {
    type: 'WebhookEndpointChanged',
    endpointId,
    changes: {
      url: { from: 'https://hooks.example.com/keyledger', to: 'https://hooks.example.com:8443/' },
      description: { from: 'Orders', to: null },
      types: { from: ['order.created'], to: [] },
      scheme: { from: 'standard', to: 'mac' },
    },
    at,
  },
  'WebhookEndpointDisabled.v1': { type: 'WebhookEndpointDisabled', endpointId, reason: 'failing', at },
  'WebhookEndpointEnabled.v1': { type: 'WebhookEndpointEnabled', endpointId, at },
  'WebhookEndpointDeleted.v1': { type: 'WebhookEndpointDeleted', endpointId, at },
  'ApiEndpointsReplaced.v1': {
    type: 'ApiEndpointsReplaced',
    changes: {
      'orders.list': { from: null, to: { method: 'GET', path: '/orders' } },
      'orders.purge': { from: { method: 'DELETE', path: '/orders' }, to: null },
    },
    at,
  },
  'AuditTrailRead.v1': { type: 'AuditTrailRead', accountId, filters: { action: 'CredentialRevoked', limit: '50' }, at },
  'LogCreated.v1': { type: 'LogCreated', logId: '0190b5a07c1e70008000000000000005', at },
};
