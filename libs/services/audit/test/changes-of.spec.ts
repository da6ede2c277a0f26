import { storedEventVersions, type CausedEvent } from '@keyledger/domain';
import { actions, changesOf } from '../src/changes-of.js';
import { accountA, credentialA as credentialId, noon as at } from './installation.js';

const digest = { value: 'the-digest', pepperVersion: 1 };
const issued = { version: 2, digest, maskedSecret: 'kcs_…c0de' };
const later = '2021-05-21T12:00:00.000Z';

const created: CausedEvent = {
  type: 'CredentialCreated',
  credentialId,
  credentialType: 'client_credentials',
  name: 'billing',
  description: null,
  mode: null,
  environment: null,
  applicationId: null,
  scopes: [],
  expiresAt: later,
  publicPart: 'kci_123',
  publicPartMasked: false,
  bindsIpAllowlist: false,
  bindsEndpoints: false,
  retained: false,
  maySign: false,
  rotationAdviceDays: null,
  ...issued,
  version: 1,
  at,
};

describe('the changes in the trail', () => {
  it('are known for everything that can be in the log but its own first event', () => {
    const types = [...storedEventVersions.keys()].filter((type) => type !== 'LogCreated');
    expect([...actions].sort()).toEqual(types.sort());
  });

  it('of something new are what it was given, under the names of the resources', () => {
    expect(changesOf(created)).toEqual([
      { field: 'type', from: null, to: 'client_credentials' },
      { field: 'name', from: null, to: 'billing' },
      { field: 'expiresAt', from: null, to: later },
      { field: 'publicPart', from: null, to: 'kci_123' },
      { field: 'maskedSecret', from: null, to: 'kcs_…c0de' },
    ]);
    expect(changesOf({ type: 'AccountRegistered', accountId: accountA, name: 'Acme', externalId: 'x-1', at })).toEqual([
      { field: 'name', from: null, to: 'Acme' },
      { field: 'externalId', from: null, to: 'x-1' },
    ]);
    const endpoint = {
      url: 'https://a.example/',
      description: null,
      types: [],
      scheme: 'mac',
      enabled: false,
    } as const;
    expect(changesOf({ type: 'WebhookEndpointRegistered', endpointId: 'whe_1', ...endpoint, at })).toEqual([
      { field: 'webhookEndpoints.whe_1.url', from: null, to: 'https://a.example/' },
      { field: 'webhookEndpoints.whe_1.scheme', from: null, to: 'mac' },
      { field: 'webhookEndpoints.whe_1.enabled', from: null, to: false },
    ]);
    const application = { applicationId: 'app_1', title: 'Shop', description: null, endpointIds: ['orders'] };
    expect(changesOf({ type: 'ApplicationRegistered', ...application, at })).toEqual([
      { field: 'title', from: null, to: 'Shop' },
      { field: 'endpointIds', from: null, to: ['orders'] },
    ]);
  });

  it('of something changed are those that the event has', () => {
    const changes = { description: { from: 'old', to: null }, scopes: { from: [], to: ['read'] } };
    expect(changesOf({ type: 'CredentialChanged', credentialId, changes, at })).toEqual([
      { field: 'description', from: 'old', to: null },
      { field: 'scopes', from: [], to: ['read'] },
    ]);
    const none = { tier: { from: 'free', to: 'paid' }, paymentMethodOnFile: undefined } as const;
    expect(changesOf({ type: 'PlanChanged', changes: none, at })).toEqual([
      { field: 'tier', from: 'free', to: 'paid' },
    ]);
    const ofEndpoint = { endpointId: 'whe_1', at };
    const url = { from: 'https://a.example/', to: 'https://b.example/' };
    expect(changesOf({ type: 'WebhookEndpointChanged', ...ofEndpoint, changes: { url } })).toEqual([
      { field: 'webhookEndpoints.whe_1.url', ...url },
    ]);
    const endpoints = { orders: { from: null, to: { method: 'GET', path: '/orders' } } };
    expect(changesOf({ type: 'ApiEndpointsReplaced', changes: endpoints, at })).toEqual([
      { field: 'endpoints.orders', from: null, to: { method: 'GET', path: '/orders' } },
    ]);
  });

  it.each<[CausedEvent, string, unknown, unknown]>([
    [{ type: 'AccountSuspended', at }, 'status', 'active', 'suspended'],
    [{ type: 'AccountResumed', at }, 'status', 'suspended', 'active'],
    [{ type: 'CredentialSuspended', credentialId, at }, 'status', 'active', 'suspended'],
    [{ type: 'CredentialResumed', credentialId, at }, 'status', 'suspended', 'active'],
    [{ type: 'ApiAccessDisabled', credentialId, at }, 'enabled', true, false],
    [{ type: 'CredentialRevoked', credentialId, reason: 'leaked', at }, 'reason', null, 'leaked'],
    [
      { type: 'WebhookSecretAssigned', credentialId, previousCredentialId: null, at },
      'webhookSigner',
      null,
      credentialId,
    ],
    [{ type: 'WebhookEndpointEnabled', endpointId: 'whe_1', at }, 'webhookEndpoints.whe_1.enabled', false, true],
    [{ type: 'WebhookEndpointDeleted', endpointId: 'whe_1', at }, 'webhookEndpoints.whe_1', 'whe_1', null],
    [{ type: 'AuditTrailRead', accountId: null, filters: { actor: 'jo' }, at }, 'actor', null, 'jo'],
  ])('follow from the event itself: %j', (event, field, from, to) => {
    expect(changesOf(event)).toEqual([{ field, from, to }]);
  });

  it('of issued secrets never show a digest', () => {
    const events: readonly CausedEvent[] = [
      created,
      { type: 'CredentialRotated', credentialId, ...issued, overlapEndsAt: later, at },
      { type: 'AuthTokenRefreshed', credentialId, ...issued, at },
    ];
    expect(events.map((event) => JSON.stringify(changesOf(event))).join()).not.toContain(digest.value);
  });
});
