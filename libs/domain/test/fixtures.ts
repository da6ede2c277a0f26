import type {
  AccountEvent,
  AccountRegistered,
  ApplicationRegistered,
  CommandOf,
  CredentialCreated,
  CredentialType,
  NewCredential,
  NewSecret,
  WebhookEndpointRegistered,
} from '../src/index.js';
import { builtInTypes } from '../src/index.js';
import { NOW, time } from './given-when-then.js';

export const registered: AccountRegistered = {
  type: 'AccountRegistered',
  accountId: 'acct_1',
  name: 'Acme',
  externalId: 'crm-1',
  at: time(0),
};

export const accountSuspended: AccountEvent = { type: 'AccountSuspended', at: time(50) };

export const upgraded: AccountEvent = {
  type: 'PlanChanged',
  changes: { tier: { from: 'free', to: 'paid' }, paymentMethodOnFile: { from: false, to: true } },
  at: time(1),
};

export const applicationRegistered: ApplicationRegistered = {
  type: 'ApplicationRegistered',
  applicationId: 'app_1',
  title: 'Shop',
  description: null,
  endpointIds: ['orders.list'],
  at: time(2),
};

export const secret = (text: string): NewSecret => ({
  digest: { value: `digest-of-${text}`, pepperVersion: 1 },
  maskedSecret: `…${text}`,
});

const typeOf = (credentialType: string): CredentialType => {
  const type = builtInTypes.find((each) => each.type === credentialType);
  if (type === undefined) throw new Error(`No built-in type "${credentialType}"`);
  return type;
};

/** A credential as it was created, with the facts of its built-in type. */
export const created = (credentialType: string, facts: Partial<CredentialCreated> = {}): CredentialCreated => {
  const type = typeOf(credentialType);
  return {
    type: 'CredentialCreated',
    credentialId: 'cred_1',
    credentialType,
    name: type.name.required ? 'backend-1' : null,
    description: null,
    mode: type.modes === null ? null : 'test',
    environment: type.belongsToApplication ? 'production' : null,
    applicationId: type.belongsToApplication ? 'app_1' : null,
    scopes: [],
    expiresAt: null,
    publicPart: type.publicPart === null ? null : 'public-1',
    publicPartMasked: type.publicPartMasked,
    bindsIpAllowlist: type.bindsIpAllowlist,
    bindsEndpoints: type.bindsEndpoints,
    retained: type.retained,
    maySign: type.maySign,
    rotationAdviceDays: type.rotationAdviceDays,
    version: 1,
    ...secret('one1'),
    at: time(10),
    ...facts,
  };
};

/** The command whose event is `created(credentialType, facts)` at NOW. */
export const create = (
  credentialType: string,
  facts: Partial<NewCredential> = {},
): CommandOf<'CreateCredential'> & { type: 'CreateCredential' } => {
  const event = created(credentialType);
  return {
    type: 'CreateCredential',
    credentialId: 'cred_1',
    credentialType,
    name: event.name,
    description: null,
    mode: event.mode,
    environment: event.environment,
    applicationId: event.applicationId,
    scopes: [],
    expiresAt: null,
    publicPart: event.publicPart,
    secret: secret('one1'),
    ...facts,
  };
};

/** The account has API access; its token is `cred_1`. */
export const apiAccessEnabled: readonly AccountEvent[] = [
  {
    type: 'ApiAccessEnabled',
    credentialId: 'cred_1',
    maskedAuthToken: '…one1',
    maskedPrivateSalt: 'whsec_…salt',
    at: time(10),
  },
  created('account_token'),
];

export const signs = (credentialId: string, previousCredentialId: string | null = null, at = NOW): AccountEvent => ({
  type: 'WebhookSecretAssigned',
  credentialId,
  previousCredentialId,
  at,
});

export const revoked = (credentialId = 'cred_1', at = time(20)): AccountEvent => ({
  type: 'CredentialRevoked',
  credentialId,
  reason: null,
  at,
});

export const suspended = (credentialId = 'cred_1', at = time(20)): AccountEvent => ({
  type: 'CredentialSuspended',
  credentialId,
  at,
});

export const deleted = (credentialId = 'cred_1', at = time(20)): AccountEvent => ({
  type: 'CredentialDeleted',
  credentialId,
  at,
});

/** The second version of `cred_1`; the first stays valid until `overlapEndsAt`. */
export const rotated = (overlapEndsAt = time(90), at = time(30)): AccountEvent => ({
  type: 'CredentialRotated',
  credentialId: 'cred_1',
  version: 2,
  ...secret('two2'),
  overlapEndsAt,
  at,
});

/** An endpoint of the scheme "standard" that asks for every message. */
export const webhookEndpointRegistered: WebhookEndpointRegistered = {
  type: 'WebhookEndpointRegistered',
  endpointId: 'whe_1',
  url: 'https://hooks.example.com/keyledger',
  description: null,
  types: [],
  scheme: 'standard',
  enabled: true,
  at: time(40),
};

/** The command whose event is `webhookEndpointRegistered` at NOW. */
export const registerWebhookEndpoint = (
  facts: Partial<CommandOf<'RegisterWebhookEndpoint'>> = {},
): CommandOf<'RegisterWebhookEndpoint'> & { type: 'RegisterWebhookEndpoint' } => {
  const { endpointId, url, description, types, scheme, enabled } = webhookEndpointRegistered;
  return { endpointId, url, description, types, scheme, enabled, ...facts, type: 'RegisterWebhookEndpoint' };
};
