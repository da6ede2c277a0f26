import type { CredentialType } from '@keyledger/domain';
import type { ProblemCode } from './problem-codes.js';

/**
 * The JSON of the HTTP routes. Times are ISO 8601 in UTC, ids are prefixed UUID text, a position is
 * `<logId>-<fixed-width hex>`. What does not apply is null. The protos say more about each field.
 */

export interface Account {
  readonly accountId: string;
  readonly name: string;
  readonly externalId: string | null;
  readonly plan: { readonly tier: 'free' | 'paid'; readonly paymentMethodOnFile: boolean };
  readonly status: 'active' | 'suspended';
  readonly createdAt: string;
  readonly revision: number;
}

/** While access is off all but `enabled`, `ipAllowlist` and `revision` is null. */
export interface ApiAccess {
  readonly enabled: boolean;
  readonly credentialId: string | null;
  readonly authTokenMasked: string | null;
  /** CIDRs; none means no restriction. */
  readonly ipAllowlist: readonly string[];
  readonly enabledAt: string | null;
  readonly authTokenRefreshedAt: string | null;
  readonly revision: number;
}

export interface ApiEndpoint {
  readonly endpointId: string;
  readonly method: string;
  readonly path: string;
  readonly status: 'active' | 'retired';
}

/** `revision` is null until the catalogue is written for the first time. */
export interface ApiEndpointCatalogue {
  readonly endpoints: readonly ApiEndpoint[];
  readonly revision: number | null;
}

export interface Application {
  readonly applicationId: string;
  readonly title: string;
  readonly description: string | null;
  readonly endpoints: readonly ApiEndpoint[];
  readonly createdAt: string;
  readonly revision: number;
}

/** An application as lists show it. */
export interface ApplicationSummary extends Omit<Application, 'endpoints'> {
  readonly endpointCount: number;
}

export interface Credential {
  readonly credentialId: string;
  readonly type: string;
  readonly status: 'active' | 'suspended' | 'revoked' | 'expired';
  readonly name: string | null;
  readonly description: string | null;
  readonly mode: 'test' | 'live' | null;
  readonly environment: 'development' | 'staging' | 'production' | null;
  readonly applicationId: string | null;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  /** When a verdict on it was last VALID. May lag by some seconds; replies to writes leave it null. */
  readonly lastUsedAt: string | null;
  readonly publicPart: string | null;
  readonly maskedSecret: string;
  readonly webhookSigner: boolean;
  /** Oldest first, at most the latest ten. */
  readonly versions: readonly CredentialVersion[];
  readonly rotationDueAt: string | null;
  readonly revision: number;
}

export interface CredentialVersion {
  readonly version: number;
  readonly state: 'current' | 'overlap' | 'ended';
  readonly createdAt: string;
  readonly validUntil: string | null;
  /** As that of the credential. */
  readonly lastUsedAt: string | null;
}

/** Verdicts on a credential by UTC day and code, the oldest day first. May lag by some seconds. */
export interface CredentialUsage {
  readonly days: readonly { readonly date: string; readonly code: string; readonly count: number }[];
}

/** All configured types; there are few, so there are no pages. */
export interface CredentialTypes {
  readonly items: readonly CredentialType[];
}

/** How far a verifier is, seen from a position of the log. */
export interface VerifierPosition {
  /** New for each process. */
  readonly verifierId: string;
  /** The last one that it has reported. */
  readonly position: string;
  /** Since when it has reported that one. */
  readonly at: string;
  /** It is past the position in question, and never answers by what was before. */
  readonly guaranteed: boolean;
}

/** Every verifier that may answer at present. */
export interface Receipt {
  readonly position: string;
  readonly verifiers: readonly VerifierPosition[];
}

/** The reply to a write after which callers may wait for the verifiers; `verifiers` is there only if they did. */
export type WithReceipt<Reply extends PositionReply> = Reply & Partial<Pick<Receipt, 'verifiers'>>;

/** What a person should know before deleting; `phrase` and `expiresAt` are null where the type asks for no phrase. */
export interface Removal {
  readonly phrase: string | null;
  readonly expiresAt: string | null;
  readonly consequences: readonly string[];
}

export interface AuditItem {
  readonly eventId: string;
  /** The stored event type. */
  readonly action: string;
  /** `issuer` is null in items from before it was noted. */
  readonly actor: { readonly type: 'user' | 'service'; readonly id: string; readonly issuer: string | null };
  readonly at: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly accountId: string | null;
  /** Of a moved signer the new one; `changes` name the one before. */
  readonly credentialId: string | null;
  /** Also of events of a key pair: the application that has it. */
  readonly applicationId: string | null;
  readonly changes: readonly FieldChange[];
  readonly correlationId: string;
  readonly position: string;
}

/** The JSON values of a field before and after; over gRPC they travel as JSON texts. */
export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** Where messages of an account are sent to. */
export interface WebhookEndpoint {
  readonly endpointId: string;
  readonly url: string;
  readonly description: string | null;
  /** Types of the messages that it asks for, exact or `prefix.*`; none: all. */
  readonly types: readonly string[];
  /** Whose secret signs what it gets: the webhook signer, or the private salt of API access. */
  readonly scheme: 'standard' | 'mac';
  readonly enabled: boolean;
  /** An owner asked for it, the receiver answered 410, or it has failed for too long; null while it is enabled. */
  readonly disabledReason: 'requested' | 'gone' | 'failing' | null;
  readonly createdAt: string;
  readonly revision: number;
}

/** A page of a list; `nextCursor` is null on the last one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Every refusal (RFC 9457). `type` is `urn:keyledger:problem:<code>`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly errors: readonly { readonly field: string; readonly message: string }[];
  /** Of `external-id-taken`: the account that has the external id. */
  readonly accountId?: string;
}

/** The bodies with which the HTTP routes answer a command; a GET answers with the bare resource or a page. */

/** What a DELETE answers with: the position of the write, as every reply to a command has it. */
export interface PositionReply {
  readonly position: string;
}

export interface AccountReply extends PositionReply {
  readonly account: Account;
}

export interface ApplicationReply extends PositionReply {
  readonly application: Application;
}

export interface CredentialReply extends PositionReply {
  readonly credential: Credential;
}

export interface WebhookEndpointReply extends PositionReply {
  readonly webhookEndpoint: WebhookEndpoint;
}

export interface IpAllowlistReply extends PositionReply {
  readonly cidrs: readonly string[];
}

export interface ApiEndpointsReply extends PositionReply {
  readonly endpoints: readonly ApiEndpoint[];
}

/** Saved by its holder; ten minutes have passed; or its version, or the whole credential, is not valid any more. */
export type SecretUnavailable = 'acknowledged' | 'expired' | 'ended';

/** Present only where a repeated request can no longer show its secret; then the secret fields are null. */
interface Unavailability {
  readonly secretUnavailable?: SecretUnavailable;
}

/** The parts of a credential by the field names of its type, such as `clientId` and `clientSecret`. */
type SecretParts = Readonly<Record<string, string | null>>;

export interface IssuedCredentialReply extends CredentialReply, Unavailability {
  readonly secret: SecretParts;
}

/** `credential` and `secret` are there only if the request asked for keys. */
export interface RegisterApplicationReply extends ApplicationReply, Unavailability {
  /** Null in the answer to a repeat where it is deleted since. */
  readonly credential?: Credential | null;
  readonly secret?: SecretParts;
}

export interface AuthTokenReply extends PositionReply, Unavailability {
  readonly authToken: string | null;
}

export interface EnableApiAccessReply extends CredentialReply, AuthTokenReply {
  readonly privateSalt: string | null;
}

/** What to send with a webhook: `webhook-id`, `webhook-timestamp`, `webhook-signature`, and `mac` with a salt. */
export interface SignedWebhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly position: string;
}

/** Why a webhook is not good: a closed list. */
export const webhookSignatureReasons = [
  'missing-header',
  'malformed-header',
  'timestamp-too-old',
  'timestamp-too-new',
  'no-known-scheme',
  'no-matching-signature',
] as const;

/** Whether a webhook is signed as it should be. `version` is that of the secret that signed; a salt has none. */
export interface WebhookSignatureVerdict {
  readonly valid: boolean;
  readonly version: number | null;
  readonly credentialId: string | null;
  readonly scheme: 'v1' | 'mac' | null;
  readonly reason: (typeof webhookSignatureReasons)[number] | null;
  readonly position: string;
}
