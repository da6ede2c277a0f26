import type { CredentialFacts, SecretDigest, Tier } from './events.js';
import type { Keyed } from '../keyed.js';
import type { DisabledReason, WebhookEndpointFacts } from './webhook-endpoint-events.js';

interface Plan {
  readonly tier: Tier;
  readonly paymentMethodOnFile: boolean;
}

export interface ApiAccess {
  readonly credentialId: string;
  readonly maskedAuthToken: string;
  readonly maskedPrivateSalt: string;
  readonly enabledAt: string;
  readonly authTokenRefreshedAt: string | null;
}

/**
 * The account itself, without its applications, credentials and webhook endpoints. `revision` is that of the last event
 * about it.
 */
export interface AccountFacts {
  readonly accountId: string;
  readonly name: string;
  readonly externalId: string | null;
  readonly plan: Plan;
  readonly status: 'active' | 'suspended';
  readonly createdAt: string;
  readonly revision: number;
  readonly apiAccess: ApiAccess | null;
  /** Revision of the last event about the switch, the token or the allow-list; of the registration before any. */
  readonly apiAccessRevision: number;
  readonly ipAllowlist: readonly string[];
  readonly signerId: string | null;
}

export interface Application {
  readonly applicationId: string;
  readonly title: string;
  readonly description: string | null;
  readonly endpointIds: readonly string[];
  readonly createdAt: string;
  readonly revision: number;
}

/**
 * `validUntil` null: the current version, of which there is one. Otherwise in overlap until then, unless an event has
 * ended it: `ended` is true whatever any clock says.
 */
export interface CredentialVersion {
  readonly version: number;
  readonly digest: SecretDigest;
  readonly maskedSecret: string;
  readonly createdAt: string;
  readonly validUntil: string | null;
  readonly ended: boolean;
}

export interface Credential extends CredentialFacts {
  readonly credentialId: string;
  /** As last written; expiry is a matter of the clock (see statusAt). */
  readonly status: 'active' | 'suspended' | 'revoked';
  readonly createdAt: string;
  readonly webhookSigner: boolean;
  /** Newest last, at most ten, the current one among them: older ended ones are history, found in the log. */
  readonly versions: readonly CredentialVersion[];
  /** The newest version whose secret the holder has acknowledged, or 0. */
  readonly acknowledgedVersion: number;
  readonly revision: number;
}

/** Where the account's messages are sent to. */
export interface WebhookEndpoint extends WebhookEndpointFacts {
  readonly endpointId: string;
  readonly enabled: boolean;
  /** Null while it is enabled. */
  readonly disabledReason: DisabledReason | null;
  readonly createdAt: string;
  /** Revision of its registration: it gets what happened later. */
  readonly createdRevision: number;
  readonly revision: number;
}

/** What the rules need of an account after its first event. */
export interface RegisteredAccount {
  readonly phase: 'registered';
  /** Revision and time of the stream's last event. */
  readonly revision: number;
  readonly lastAt: string;
  readonly facts: AccountFacts;
  readonly applications: Keyed<Application>;
  readonly credentials: Keyed<Credential>;
  readonly webhookEndpoints: Keyed<WebhookEndpoint>;
  /** Credential id by `<type>/<name>`, for every undeleted named credential. */
  readonly names: Keyed<string>;
  readonly undeletedByType: Keyed<number>;
  readonly keyPairsByApplication: Keyed<number>;
}

/** Before its first event there is nothing of an account but its revision, -1. */
export type AccountState = { readonly phase: 'absent'; readonly revision: -1 } | RegisteredAccount;

export const absentAccount: AccountState = { phase: 'absent', revision: -1 };
