import type { Change, CredentialLifeEvent, Tier } from './credential-events.js';

/**
 * What can happen to an account, in domain form. Events hold primitives and no secret material: a digest with the
 * version of its pepper, and the masked text. Times are ISO 8601 in UTC as `toISOString` writes
 * them, so they compare as text. `at` is when the command was decided.
 */

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
