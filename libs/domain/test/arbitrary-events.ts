import fc from 'fast-check';
import type { AccountEvent } from '../src/index.js';
import { time } from './given-when-then.js';

type Arbitraries = {
  readonly [T in AccountEvent['type']]: fc.Arbitrary<Omit<Extract<AccountEvent, { type: T }>, 'type' | 'at'>>;
};

/** Few ids, so that events meet; `toString` because a careless map would find it. */
const credentialId = fc.constantFrom('cred_1', 'cred_2', 'cred_3', 'toString');
const endpointId = fc.constantFrom('whe_1', 'whe_2', 'valueOf');
const scheme = fc.constantFrom('standard' as const, 'mac' as const);
const applicationId = fc.constantFrom('app_1', 'app_2', '__proto__');
const text = fc.constantFrom('a', 'b', '');
const orNull = <T>(inner: fc.Arbitrary<T>) => fc.option(inner, { nil: null });
const texts = fc.array(text, { maxLength: 3 });
const version = fc.integer({ min: 0, max: 14 });
const instant = fc.integer({ min: 0, max: 200 }).map(time);
const change = <T>(inner: fc.Arbitrary<T>) => fc.record({ from: inner, to: inner });
const changes = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(fields, { requiredKeys: [] });
const issued = {
  version,
  digest: fc.record({ value: text, pepperVersion: fc.constantFrom(1, 2) }),
  maskedSecret: text,
};

const arbitraries: Arbitraries = {
  AccountRegistered: fc.record({ accountId: text, name: text, externalId: orNull(text) }),
  AccountChanged: fc.record({ changes: fc.record({ name: change(text) }) }),
  AccountSuspended: fc.record({}),
  AccountResumed: fc.record({}),
  PlanChanged: fc.record({
    changes: changes({
      tier: change(fc.constantFrom('free' as const, 'paid' as const)),
      paymentMethodOnFile: change(fc.boolean()),
    }),
  }),
  ApiAccessEnabled: fc.record({ credentialId, maskedAuthToken: text, maskedPrivateSalt: text }),
  ApiAccessDisabled: fc.record({ credentialId }),
  IpAllowlistChanged: fc.record({ changes: fc.record({ cidrs: change(texts) }) }),
  ApplicationRegistered: fc.record({ applicationId, title: text, description: orNull(text), endpointIds: texts }),
  ApplicationChanged: fc.record({
    applicationId,
    changes: changes({ title: change(text), description: change(orNull(text)) }),
  }),
  ApplicationEndpointsChanged: fc.record({ applicationId, changes: fc.record({ endpointIds: change(texts) }) }),
  ApplicationDeleted: fc.record({ applicationId }),
  CredentialCreated: fc.record({
    credentialId,
    credentialType: fc.constantFrom('api_key', 'api_secret', 'constructor'),
    name: orNull(text),
    description: orNull(text),
    mode: orNull(fc.constantFrom('test' as const, 'live' as const)),
    environment: orNull(fc.constantFrom('staging' as const)),
    applicationId: orNull(applicationId),
    scopes: texts,
    expiresAt: orNull(instant),
    publicPart: orNull(text),
    publicPartMasked: fc.boolean(),
    bindsIpAllowlist: fc.boolean(),
    bindsEndpoints: fc.boolean(),
    retained: fc.boolean(),
    maySign: fc.boolean(),
    rotationAdviceDays: orNull(fc.constant(90)),
    ...issued,
  }),
  CredentialChanged: fc.record({
    credentialId,
    changes: changes({
      description: change(orNull(text)),
      scopes: change(texts),
      expiresAt: change(orNull(instant)),
    }),
  }),
  CredentialRotated: fc.record({ credentialId, ...issued, overlapEndsAt: instant }),
  AuthTokenRefreshed: fc.record({ credentialId, ...issued }),
  RotationExtended: fc.record({ credentialId, changes: fc.record({ overlapEndsAt: change(instant) }) }),
  RotationFinished: fc.record({ credentialId, endedVersion: version }),
  RotationCancelled: fc.record({ credentialId, endedVersion: version, restoredVersion: version }),
  CredentialSuspended: fc.record({ credentialId }),
  CredentialResumed: fc.record({ credentialId }),
  CredentialRevoked: fc.record({ credentialId, reason: orNull(text) }),
  CredentialDeleted: fc.record({ credentialId }),
  SecretAcknowledged: fc.record({ credentialId, version }),
  SecretRevealed: fc.record({ credentialId }),
  WebhookSecretAssigned: fc.record({ credentialId, previousCredentialId: orNull(credentialId) }),
  WebhookEndpointRegistered: fc.record({
    endpointId,
    url: text,
    description: orNull(text),
    types: texts,
    scheme,
    enabled: fc.boolean(),
  }),
  WebhookEndpointChanged: fc.record({
    endpointId,
    changes: changes({
      url: change(text),
      description: change(orNull(text)),
      types: change(texts),
      scheme: change(scheme),
    }),
  }),
  WebhookEndpointDisabled: fc.record({
    endpointId,
    reason: fc.constantFrom('requested' as const, 'gone' as const, 'failing' as const),
  }),
  WebhookEndpointEnabled: fc.record({ endpointId }),
  WebhookEndpointDeleted: fc.record({ endpointId }),
};

const anyEvent: fc.Arbitrary<AccountEvent> = fc.oneof(
  ...Object.entries(arbitraries).map(([type, body]) =>
    fc.tuple(body as fc.Arbitrary<object>, instant).map(([data, at]) => ({ type, ...data, at }) as AccountEvent),
  ),
);

/** Any events in any order, most of them after a registration: a stream that no rule ever looked at. */
export const anyHistory: fc.Arbitrary<AccountEvent[]> = fc
  .tuple(fc.boolean(), fc.array(anyEvent, { maxLength: 80 }))
  .map(([registers, events]) => [
    ...(registers
      ? [{ type: 'AccountRegistered', accountId: 'a', name: 'A', externalId: null, at: time(0) } as const]
      : []),
    ...events,
  ]);
