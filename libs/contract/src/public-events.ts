import { object, someOf, text, type Data, type ObjectSchema, type Schema } from './json-schema.js';

/** Of the topic in Kafka, by default. */
export const EVENTS_TOPIC = 'keyledger.credentials.v1';

const textOrNull = (description: string) => ({ type: ['string', 'null'], description }) as const;
const time = (description: string) => ({ type: 'string', format: 'date-time', description }) as const;
const timeOrNull = (description: string) => ({ type: ['string', 'null'], format: 'date-time', description }) as const;
const flag = (description: string) => ({ type: 'boolean', description }) as const;
const texts = (description: string) => ({ type: 'array', items: { type: 'string' }, description }) as const;
const version = (description: string) => ({ type: 'integer', minimum: 1, description }) as const;

/** A field before and after. */
const change = <const S extends Schema>(schema: S) => object({ from: schema, to: schema });

const accountId = text('Account that the event is about; the key of the message');
const actor = object({ type: { type: 'string', enum: ['user', 'service'], description: 'Whether a person did it' } });
const everyEvent = { accountId, actor };

const applicationId = text('Application that the event is about');
const endpointId = text('Webhook endpoint that the event is about');
const credentialId = text('Credential that the event is about');

/** What happened, of one kind: its CloudEvents type, what that means, and what its data holds. */
interface PublicEventForm<S extends ObjectSchema = ObjectSchema> {
  readonly type: `keyledger.${string}.v1`;
  readonly description: string;
  readonly data: S;
}

const ofAccount = <const P extends Readonly<Record<string, Schema>>>(
  type: PublicEventForm['type'],
  description: string,
  properties: P,
) => ({ type, description, data: object({ ...everyEvent, ...properties }) });

const ofApplication = <const P extends Readonly<Record<string, Schema>>>(
  type: `keyledger.application.${string}.v1`,
  description: string,
  properties: P,
) => ofAccount(type, description, { applicationId, ...properties });

const ofCredential = <const P extends Readonly<Record<string, Schema>>>(
  type: PublicEventForm['type'],
  description: string,
  properties: P,
) => ofAccount(type, description, { credentialId, ...properties });

const ofWebhookEndpoint = <const P extends Readonly<Record<string, Schema>>>(
  type: `keyledger.webhook-endpoint.${string}.v1`,
  description: string,
  properties: P,
) => ofAccount(type, description, { endpointId, ...properties });

const webhookEndpoint = {
  url: text('Where messages are sent to'),
  description: textOrNull('What it is for'),
  types: texts('Types of the messages that it asks for, exact or `prefix.*`; none: all'),
  scheme: {
    type: 'string',
    enum: ['standard', 'mac'],
    description: 'Whose secret signs what it gets: the webhook signer, or the private salt of API access',
  },
} as const;

const tier = { type: 'string', enum: ['free', 'paid'], description: 'Plan of the account' } as const;

/**
 * The public form of every event in the stream of an account, by the name of the stored event. Only what is named here
 * gets out: no address, user agent, digest or masked secret, and of who did it only the type.
 */
export const publicEvents = {
  AccountRegistered: ofAccount('keyledger.account.registered.v1', 'An account was registered.', {
    name: text('Its name'),
    externalId: textOrNull('What it is called in the system of whoever registered it'),
  }),
  AccountChanged: ofAccount('keyledger.account.changed.v1', 'An account was renamed.', {
    changes: object({ name: change(text('Its name')) }),
  }),
  AccountSuspended: ofAccount(
    'keyledger.account.suspended.v1',
    'An account was suspended: none of its credentials is valid.',
    {},
  ),
  AccountResumed: ofAccount('keyledger.account.resumed.v1', 'An account is no longer suspended.', {}),
  PlanChanged: ofAccount('keyledger.account.plan-changed.v1', 'The plan of an account has changed.', {
    changes: someOf({
      tier: change(tier),
      paymentMethodOnFile: change(flag('Whether a means of payment is known')),
    }),
  }),
  ApiAccessEnabled: ofCredential(
    'keyledger.api-access.enabled.v1',
    'An account has got a token of its own. The creation of that credential follows.',
    {},
  ),
  ApiAccessDisabled: ofCredential(
    'keyledger.api-access.disabled.v1',
    'The token of an account is gone. The deletion of that credential and the emptied allow-list came before.',
    {},
  ),
  IpAllowlistChanged: ofAccount(
    'keyledger.ip-allowlist.changed.v1',
    'From other addresses the token of the account is refused. An empty list lets all in.',
    { changes: object({ cidrs: change(texts('Blocks of addresses')) }) },
  ),
  ApplicationRegistered: ofApplication('keyledger.application.registered.v1', 'An application was registered.', {
    title: text('Its title'),
    description: textOrNull('What it is for'),
    endpointIds: texts('Endpoints that it is connected with'),
  }),
  ApplicationChanged: ofApplication(
    'keyledger.application.changed.v1',
    'Title or description of an application has changed.',
    { changes: someOf({ title: change(text('Its title')), description: change(textOrNull('What it is for')) }) },
  ),
  ApplicationEndpointsChanged: ofApplication(
    'keyledger.application.endpoints-changed.v1',
    'An application is connected with other endpoints.',
    { changes: object({ endpointIds: change(texts('Endpoints that it is connected with')) }) },
  ),
  ApplicationDeleted: ofApplication(
    'keyledger.application.deleted.v1',
    'An application is gone. The deletion of its key pairs came before.',
    {},
  ),
  CredentialCreated: ofCredential('keyledger.credential.created.v1', 'A credential was created.', {
    credentialType: text('Its type, such as api_key'),
    name: textOrNull('Its name'),
    description: textOrNull('What it is for'),
    mode: { enum: ['test', 'live', null], description: 'Which data it is for' },
    environment: { enum: ['development', 'staging', 'production', null], description: 'Where it is used' },
    applicationId: textOrNull('Application whose key pair it is'),
    scopes: texts('What it is good for'),
    expiresAt: timeOrNull('When it ends by itself'),
    publicPart: textOrNull('The half of a pair that is no secret'),
    version: version('Version of its secret'),
  }),
  CredentialChanged: ofCredential('keyledger.credential.changed.v1', 'What a credential is good for has changed.', {
    changes: someOf({
      description: change(textOrNull('What it is for')),
      scopes: change(texts('What it is good for')),
      expiresAt: change(timeOrNull('When it ends by itself')),
    }),
  }),
  CredentialRotated: ofCredential(
    'keyledger.credential.rotated.v1',
    'A credential has a new secret. The one before is valid until the overlap ends.',
    { version: version('Version of the new secret'), overlapEndsAt: time('When the overlap ends') },
  ),
  AuthTokenRefreshed: ofCredential(
    'keyledger.credential.auth-token-refreshed.v1',
    'The token of an account was replaced at once.',
    { version: version('Version of the new token') },
  ),
  RotationExtended: ofCredential('keyledger.credential.rotation-extended.v1', 'The overlap ends later.', {
    changes: object({ overlapEndsAt: change(time('When the overlap ends')) }),
  }),
  RotationFinished: ofCredential(
    'keyledger.credential.rotation-finished.v1',
    'The overlap has ended: only the new secret is valid.',
    { endedVersion: version('Version of the old secret') },
  ),
  RotationCancelled: ofCredential(
    'keyledger.credential.rotation-cancelled.v1',
    'The new secret is dead, and the one before is valid again.',
    {
      endedVersion: version('Version of the dead secret'),
      restoredVersion: version('Version of the secret that is valid again'),
    },
  ),
  CredentialSuspended: ofCredential('keyledger.credential.suspended.v1', 'A credential was suspended.', {}),
  CredentialResumed: ofCredential('keyledger.credential.resumed.v1', 'A credential is no longer suspended.', {}),
  CredentialRevoked: ofCredential('keyledger.credential.revoked.v1', 'A credential was revoked, for good.', {
    reason: textOrNull('Why'),
  }),
  CredentialDeleted: ofCredential('keyledger.credential.deleted.v1', 'A credential was deleted.', {}),
  SecretAcknowledged: ofCredential(
    'keyledger.credential.secret-acknowledged.v1',
    'The holder has saved the secret of a credential.',
    { version: version('Version of the secret') },
  ),
  SecretRevealed: ofCredential('keyledger.credential.secret-revealed.v1', 'A kept secret was shown once more.', {}),
  WebhookSecretAssigned: ofCredential(
    'keyledger.webhook-secret.assigned.v1',
    'A credential signs the webhooks of the account from now on.',
    { previousCredentialId: textOrNull('Credential that signed them before') },
  ),
  WebhookEndpointRegistered: ofWebhookEndpoint(
    'keyledger.webhook-endpoint.registered.v1',
    'A webhook endpoint was registered.',
    { ...webhookEndpoint, enabled: flag('Whether messages are sent to it') },
  ),
  WebhookEndpointChanged: ofWebhookEndpoint(
    'keyledger.webhook-endpoint.changed.v1',
    'A webhook endpoint is sent to otherwise.',
    {
      changes: someOf({
        url: change(webhookEndpoint.url),
        description: change(webhookEndpoint.description),
        types: change(webhookEndpoint.types),
        scheme: change(webhookEndpoint.scheme),
      }),
    },
  ),
  WebhookEndpointDisabled: ofWebhookEndpoint(
    'keyledger.webhook-endpoint.disabled.v1',
    'Nothing is sent to a webhook endpoint any more.',
    {
      reason: {
        type: 'string',
        enum: ['requested', 'gone', 'failing'],
        description: 'An owner asked for it, the receiver answered 410, or it has failed for too long',
      },
    },
  ),
  WebhookEndpointEnabled: ofWebhookEndpoint(
    'keyledger.webhook-endpoint.enabled.v1',
    'Messages are sent to a webhook endpoint again.',
    {},
  ),
  WebhookEndpointDeleted: ofWebhookEndpoint(
    'keyledger.webhook-endpoint.deleted.v1',
    'A webhook endpoint was deleted.',
    {},
  ),
} as const satisfies Readonly<Record<string, PublicEventForm>>;

export type PublicEventName = keyof typeof publicEvents;

/** What the public event holds for the stored event of that name. */
export type PublicData<N extends PublicEventName> = Data<(typeof publicEvents)[N]['data']>;
