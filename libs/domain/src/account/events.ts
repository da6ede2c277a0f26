import type { Change } from '../changes.js';
import type { CredentialType } from '../types/credential-type.js';
import type { WebhookEndpointBodies } from './webhook-endpoint-events.js';

/**
 * What can happen to an account, in domain form. Events hold primitives and no secret material: a digest with the
 * version of its pepper, and the masked text. Times are ISO 8601 in UTC as `toISOString` writes
 * them, so they compare as text. `at` is when the command was decided.
 */

export type Tier = 'free' | 'paid';

/** What verifiers need to recognise a secret: HMAC-SHA-256 under a versioned pepper, in base64url. */
export interface SecretDigest {
  readonly value: string;
  readonly pepperVersion: number;
}

/** One issued secret of a credential, without the secret. */
export interface IssuedSecret {
  readonly version: number;
  readonly digest: SecretDigest;
  readonly maskedSecret: string;
}

/** What each event says beside its type and its time: here those of the account itself. */
interface AccountBodies {
  AccountRegistered: { readonly accountId: string; readonly name: string; readonly externalId: string | null };
  AccountChanged: { readonly changes: { readonly name: Change<string> } };
  AccountSuspended: object;
  AccountResumed: object;
  PlanChanged: {
    readonly changes: { readonly tier?: Change<Tier>; readonly paymentMethodOnFile?: Change<boolean> };
  };

  /** Always followed, in the same append, by the CredentialCreated of the account token. */
  ApiAccessEnabled: {
    readonly credentialId: string;
    readonly maskedAuthToken: string;
    readonly maskedPrivateSalt: string;
  };
  /** Always preceded, in the same append, by the token's CredentialDeleted and the emptied allow-list. */
  ApiAccessDisabled: { readonly credentialId: string };
  IpAllowlistChanged: { readonly changes: { readonly cidrs: Change<readonly string[]> } };
}

interface OfApplication {
  readonly applicationId: string;
}

interface ApplicationBodies {
  ApplicationRegistered: OfApplication & {
    readonly title: string;
    readonly description: string | null;
    readonly endpointIds: readonly string[];
  };
  ApplicationChanged: OfApplication & {
    readonly changes: { readonly title?: Change<string>; readonly description?: Change<string | null> };
  };
  ApplicationEndpointsChanged: OfApplication & {
    readonly changes: { readonly endpointIds: Change<readonly string[]> };
  };
  ApplicationDeleted: OfApplication;
}

export type Mode = 'test' | 'live';
export const environments = ['development', 'staging', 'production'] as const;
export type Environment = (typeof environments)[number];

/** What a request says of a credential that it creates. */
export interface RequestedFacts {
  readonly credentialType: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly mode: Mode | null;
  readonly environment: Environment | null;
  readonly applicationId: string | null;
  readonly scopes: readonly string[];
  readonly expiresAt: string | null;
}

export const requestedFacts = [
  'credentialType',
  'name',
  'description',
  'mode',
  'environment',
  'applicationId',
  'scopes',
  'expiresAt',
] as const satisfies readonly (keyof RequestedFacts)[];

/** Facts of the type at creation, which the credential keeps: later folds need no type data. */
export const typeFacts = [
  'publicPartMasked',
  'bindsIpAllowlist',
  'bindsEndpoints',
  'retained',
  'maySign',
  'rotationAdviceDays',
] as const satisfies readonly (keyof CredentialType)[];

/** What is said of a credential once, when it is created. */
export interface CredentialFacts extends RequestedFacts, Pick<CredentialType, (typeof typeFacts)[number]> {
  /** The public half of a pair, as presented by clients; null for single tokens. */
  readonly publicPart: string | null;
}

/** The named fields of `source`, and no others. */
export const pick = <T extends object, K extends keyof T>(source: T, names: readonly K[]): Pick<T, K> =>
  Object.fromEntries(names.map((name) => [name, source[name]])) as Pick<T, K>;

interface OfCredential {
  readonly credentialId: string;
}

interface CredentialBodies {
  CredentialCreated: OfCredential & CredentialFacts & IssuedSecret;
  CredentialChanged: OfCredential & {
    readonly changes: {
      readonly description?: Change<string | null>;
      readonly scopes?: Change<readonly string[]>;
      readonly expiresAt?: Change<string | null>;
    };
  };
  /** A new version is current; the one before stays valid until `overlapEndsAt` (which equals `at` without overlap). */
  CredentialRotated: OfCredential & IssuedSecret & { readonly overlapEndsAt: string };
  /** The token of `account_token` is replaced at once; its salt stays. */
  AuthTokenRefreshed: OfCredential & IssuedSecret;
  RotationExtended: OfCredential & { readonly changes: { readonly overlapEndsAt: Change<string> } };
  /** The overlap ends now: `endedVersion` is no longer valid. */
  RotationFinished: OfCredential & { readonly endedVersion: number };
  /** The new version dies and `restoredVersion` is current again. */
  RotationCancelled: OfCredential & { readonly endedVersion: number; readonly restoredVersion: number };
  CredentialSuspended: OfCredential;
  CredentialResumed: OfCredential;
  CredentialRevoked: OfCredential & { readonly reason: string | null };
  CredentialDeleted: OfCredential;
  /** The holder has saved the secret of `version`: a retry never shows it again. */
  SecretAcknowledged: OfCredential & { readonly version: number };
  SecretRevealed: OfCredential;
  /** `credentialId` signs the account's webhooks from now on. */
  WebhookSecretAssigned: OfCredential & { readonly previousCredentialId: string | null };
}

type Bodies = AccountBodies & ApplicationBodies & CredentialBodies & WebhookEndpointBodies;

export type EventOf<T extends keyof Bodies> = Bodies[T] & { readonly type: T; readonly at: string };
type AnyOf<T extends keyof Bodies> = { readonly [K in T]: EventOf<K> }[T];

export type AccountRegistered = EventOf<'AccountRegistered'>;
export type ApplicationRegistered = EventOf<'ApplicationRegistered'>;
export type CredentialCreated = EventOf<'CredentialCreated'>;
export type WebhookEndpointRegistered = EventOf<'WebhookEndpointRegistered'>;

type ApplicationEvent = AnyOf<keyof ApplicationBodies>;
type WebhookEndpointEvent = AnyOf<keyof WebhookEndpointBodies>;
export type CredentialLifeEvent = AnyOf<keyof CredentialBodies>;
export type AccountEvent = AnyOf<keyof Bodies>;

/** Events after which a credential has a new secret. */
type SecretIssued = Extract<AccountEvent, IssuedSecret>;
type NamingCredential = Extract<AccountEvent, { credentialId: string }>;

/** The compiler holds each list to its events: one that is missing, or too many, is an error. */
type TypesOf<E extends AccountEvent> = Readonly<Record<E['type'], true>>;

const applicationEvents: TypesOf<ApplicationEvent> = {
  ApplicationRegistered: true,
  ApplicationChanged: true,
  ApplicationEndpointsChanged: true,
  ApplicationDeleted: true,
};

const webhookEndpointEvents: TypesOf<WebhookEndpointEvent> = {
  WebhookEndpointRegistered: true,
  WebhookEndpointChanged: true,
  WebhookEndpointDisabled: true,
  WebhookEndpointEnabled: true,
  WebhookEndpointDeleted: true,
};

const secretsIssued: TypesOf<SecretIssued> = {
  CredentialCreated: true,
  CredentialRotated: true,
  AuthTokenRefreshed: true,
};

const credentialEvents: TypesOf<CredentialLifeEvent> = {
  ...secretsIssued,
  CredentialChanged: true,
  RotationExtended: true,
  RotationFinished: true,
  RotationCancelled: true,
  CredentialSuspended: true,
  CredentialResumed: true,
  CredentialRevoked: true,
  CredentialDeleted: true,
  SecretAcknowledged: true,
  SecretRevealed: true,
  WebhookSecretAssigned: true,
};

const namingCredential: TypesOf<NamingCredential> = {
  ...credentialEvents,
  ApiAccessEnabled: true,
  ApiAccessDisabled: true,
};

const isOneOf =
  <E extends AccountEvent>(types: TypesOf<E>) =>
  (event: { readonly type: string }): event is E =>
    Object.hasOwn(types, event.type);

export const issuesSecret = isOneOf<SecretIssued>(secretsIssued);
export const isCredentialEvent = isOneOf<CredentialLifeEvent>(credentialEvents);
const isApplicationEvent = isOneOf<ApplicationEvent>(applicationEvents);
const isWebhookEndpointEvent = isOneOf<WebhookEndpointEvent>(webhookEndpointEvents);
const namesCredential = isOneOf<NamingCredential>(namingCredential);

/** The credential that any event is about; undefined if it is about none. */
export const credentialIdOf = (event: { readonly type: string }): string | undefined =>
  namesCredential(event) ? event.credentialId : undefined;

/** The application whose resource an event changes; undefined if it changes none. */
export const applicationIdOf = (event: { readonly type: string }): string | undefined =>
  isApplicationEvent(event) ? event.applicationId : undefined;

/** The webhook endpoint that an event is about; undefined if it is about none. */
export const webhookEndpointIdOf = (event: { readonly type: string }): string | undefined =>
  isWebhookEndpointEvent(event) ? event.endpointId : undefined;
