import type { Change } from '../changes.js';
import type { CredentialFacts } from './credential-facts.js';

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

export interface AccountRegistered {
  readonly type: 'AccountRegistered';
  readonly accountId: string;
  readonly name: string;
  readonly externalId: string | null;
  readonly at: string;
}

export interface AccountChanged {
  readonly type: 'AccountChanged';
  readonly changes: { readonly name: Change<string> };
  readonly at: string;
}

export interface AccountSuspended {
  readonly type: 'AccountSuspended';
  readonly at: string;
}

export interface AccountResumed {
  readonly type: 'AccountResumed';
  readonly at: string;
}

export interface PlanChanged {
  readonly type: 'PlanChanged';
  readonly changes: { readonly tier?: Change<Tier>; readonly paymentMethodOnFile?: Change<boolean> };
  readonly at: string;
}

/** Always followed, in the same append, by the CredentialCreated of the account token. */
export interface ApiAccessEnabled {
  readonly type: 'ApiAccessEnabled';
  readonly credentialId: string;
  readonly maskedAuthToken: string;
  readonly maskedPrivateSalt: string;
  readonly at: string;
}

/** Always preceded, in the same append, by the token's CredentialDeleted and the emptied allow-list. */
export interface ApiAccessDisabled {
  readonly type: 'ApiAccessDisabled';
  readonly credentialId: string;
  readonly at: string;
}

export interface IpAllowlistChanged {
  readonly type: 'IpAllowlistChanged';
  readonly changes: { readonly cidrs: Change<readonly string[]> };
  readonly at: string;
}

export interface ApplicationRegistered {
  readonly type: 'ApplicationRegistered';
  readonly applicationId: string;
  readonly title: string;
  readonly description: string | null;
  readonly endpointIds: readonly string[];
  readonly at: string;
}

export interface ApplicationChanged {
  readonly type: 'ApplicationChanged';
  readonly applicationId: string;
  readonly changes: { readonly title?: Change<string>; readonly description?: Change<string | null> };
  readonly at: string;
}

export interface ApplicationEndpointsChanged {
  readonly type: 'ApplicationEndpointsChanged';
  readonly applicationId: string;
  readonly changes: { readonly endpointIds: Change<readonly string[]> };
  readonly at: string;
}

export interface ApplicationDeleted {
  readonly type: 'ApplicationDeleted';
  readonly applicationId: string;
  readonly at: string;
}

export type ApplicationEvent =
  ApplicationRegistered | ApplicationChanged | ApplicationEndpointsChanged | ApplicationDeleted;

interface CredentialEvent {
  readonly credentialId: string;
  readonly at: string;
}

export interface CredentialCreated extends CredentialEvent, CredentialFacts, IssuedSecret {
  readonly type: 'CredentialCreated';
}

export interface CredentialChanged extends CredentialEvent {
  readonly type: 'CredentialChanged';
  readonly changes: {
    readonly description?: Change<string | null>;
    readonly scopes?: Change<readonly string[]>;
    readonly expiresAt?: Change<string | null>;
  };
}

/** A new version is current; the one before stays valid until `overlapEndsAt` (which equals `at` without overlap). */
export interface CredentialRotated extends CredentialEvent, IssuedSecret {
  readonly type: 'CredentialRotated';
  readonly overlapEndsAt: string;
}

/** The token of `account_token` is replaced at once; its salt stays. */
export interface AuthTokenRefreshed extends CredentialEvent, IssuedSecret {
  readonly type: 'AuthTokenRefreshed';
}

export interface RotationExtended extends CredentialEvent {
  readonly type: 'RotationExtended';
  readonly changes: { readonly overlapEndsAt: Change<string> };
}

/** The overlap ends now: `endedVersion` is no longer valid. */
export interface RotationFinished extends CredentialEvent {
  readonly type: 'RotationFinished';
  readonly endedVersion: number;
}

/** The new version dies and `restoredVersion` is current again. */
export interface RotationCancelled extends CredentialEvent {
  readonly type: 'RotationCancelled';
  readonly endedVersion: number;
  readonly restoredVersion: number;
}

export interface CredentialSuspended extends CredentialEvent {
  readonly type: 'CredentialSuspended';
}

export interface CredentialResumed extends CredentialEvent {
  readonly type: 'CredentialResumed';
}

export interface CredentialRevoked extends CredentialEvent {
  readonly type: 'CredentialRevoked';
  readonly reason: string | null;
}

export interface CredentialDeleted extends CredentialEvent {
  readonly type: 'CredentialDeleted';
}

/** The holder has saved the secret of `version`: a retry never shows it again. */
export interface SecretAcknowledged extends CredentialEvent {
  readonly type: 'SecretAcknowledged';
  readonly version: number;
}

export interface SecretRevealed extends CredentialEvent {
  readonly type: 'SecretRevealed';
}

/** `credentialId` signs the account's webhooks from now on. */
export interface WebhookSecretAssigned extends CredentialEvent {
  readonly type: 'WebhookSecretAssigned';
  readonly previousCredentialId: string | null;
}

export type CredentialLifeEvent =
  | CredentialCreated
  | CredentialChanged
  | CredentialRotated
  | AuthTokenRefreshed
  | RotationExtended
  | RotationFinished
  | RotationCancelled
  | CredentialSuspended
  | CredentialResumed
  | CredentialRevoked
  | CredentialDeleted
  | SecretAcknowledged
  | SecretRevealed
  | WebhookSecretAssigned;

export type AccountEvent =
  | AccountRegistered
  | AccountChanged
  | AccountSuspended
  | AccountResumed
  | PlanChanged
  | ApiAccessEnabled
  | ApiAccessDisabled
  | IpAllowlistChanged
  | ApplicationEvent
  | CredentialLifeEvent;
