/** What can happen to one credential. See account-events.ts for what all events have in common. */

/** The value of a field before and after. Audit shows it as it stands, so it needs no state of its own. */
export interface Change<T> {
  readonly from: T;
  readonly to: T;
}

export type Mode = 'test' | 'live';
export type Environment = 'development' | 'staging' | 'production';
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

interface CredentialEvent {
  readonly credentialId: string;
  readonly at: string;
}

export interface CredentialCreated extends CredentialEvent, IssuedSecret {
  readonly type: 'CredentialCreated';
  readonly credentialType: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly mode: Mode | null;
  readonly environment: Environment | null;
  readonly applicationId: string | null;
  readonly scopes: readonly string[];
  readonly expiresAt: string | null;
  /** The public half of a pair, as presented by clients; null for single tokens. */
  readonly publicPart: string | null;
  /** True where listings show the masked secret as the public part. */
  readonly publicPartMasked: boolean;
  /** Facts of the type at creation, so that later folds need no type data. */
  readonly bindsIpAllowlist: boolean;
  readonly bindsEndpoints: boolean;
  readonly retained: boolean;
  readonly maySign: boolean;
  readonly rotationAdviceDays: number | null;
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
