import type { Environment, Mode } from '../account/credential-facts.js';
import type { AccountEvent, IssuedSecret, SecretDigest, Tier } from '../account/events.js';
import type { CatalogueEvent } from '../catalogue.js';
import {
  change,
  count,
  filled,
  flag,
  instant,
  nullable,
  object,
  oneOf,
  optional,
  positive,
  record,
  text,
  texts,
} from './stored-fields.js';
import type { Field } from './stored-fields.js';

/** Somebody read the audit trail of an account, or of all (null). Stored before the trail is shown. */
export interface AuditTrailRead {
  readonly type: 'AuditTrailRead';
  readonly accountId: string | null;
  readonly filters: Readonly<Record<string, string>>;
  readonly at: string;
}

/** The log's first event: which log this is. */
export interface LogCreated {
  readonly type: 'LogCreated';
  readonly logId: string;
  readonly at: string;
}

/** Every event that a caller has caused: all but the first of the log. */
export type CausedEvent = AccountEvent | CatalogueEvent | AuditTrailRead;
/** Everything that is ever in the log. */
export type StoredEvent = CausedEvent | LogCreated;
export type StoredEventType = StoredEvent['type'];

type Forms<E extends StoredEvent> = { readonly [T in E['type']]: Field<Omit<Extract<E, { type: T }>, 'type'>> };

/** No path may ever store a secret that nothing could recognise. */
const digest = object<SecretDigest>({ value: filled, pepperVersion: positive });
const issued: { readonly [K in keyof IssuedSecret]: Field<IssuedSecret[K]> } = {
  version: count,
  digest,
  maskedSecret: text,
};
const endpoint = nullable(object({ method: text, path: text }));
const credentialId = text;
const applicationId = text;
const at = instant;

const accountForms: Forms<AccountEvent> = {
  AccountRegistered: object({ accountId: text, name: text, externalId: nullable(text), at }),
  AccountChanged: object({ changes: object({ name: change(text) }), at }),
  AccountSuspended: object({ at }),
  AccountResumed: object({ at }),
  PlanChanged: object({
    changes: object({
      tier: optional(change(oneOf<Tier>('free', 'paid'))),
      paymentMethodOnFile: optional(change(flag)),
    }),
    at,
  }),

  ApiAccessEnabled: object({ credentialId, maskedAuthToken: text, maskedPrivateSalt: text, at }),
  ApiAccessDisabled: object({ credentialId, at }),
  IpAllowlistChanged: object({ changes: object({ cidrs: change(texts) }), at }),

  ApplicationRegistered: object({ applicationId, title: text, description: nullable(text), endpointIds: texts, at }),
  ApplicationChanged: object({
    applicationId,
    changes: object({ title: optional(change(text)), description: optional(change(nullable(text))) }),
    at,
  }),
  ApplicationEndpointsChanged: object({ applicationId, changes: object({ endpointIds: change(texts) }), at }),
  ApplicationDeleted: object({ applicationId, at }),

  CredentialCreated: object({
    credentialId,
    credentialType: text,
    name: nullable(text),
    description: nullable(text),
    mode: nullable(oneOf<Mode>('test', 'live')),
    environment: nullable(oneOf<Environment>('development', 'staging', 'production')),
    applicationId: nullable(text),
    scopes: texts,
    expiresAt: nullable(instant),
    publicPart: nullable(text),
    publicPartMasked: flag,
    bindsIpAllowlist: flag,
    bindsEndpoints: flag,
    retained: flag,
    maySign: flag,
    rotationAdviceDays: nullable(count),
    ...issued,
    at,
  }),
  CredentialChanged: object({
    credentialId,
    changes: object({
      description: optional(change(nullable(text))),
      scopes: optional(change(texts)),
      expiresAt: optional(change(nullable(instant))),
    }),
    at,
  }),
  CredentialRotated: object({ credentialId, ...issued, overlapEndsAt: instant, at }),
  AuthTokenRefreshed: object({ credentialId, ...issued, at }),
  RotationExtended: object({ credentialId, changes: object({ overlapEndsAt: change(instant) }), at }),
  RotationFinished: object({ credentialId, endedVersion: count, at }),
  RotationCancelled: object({ credentialId, endedVersion: count, restoredVersion: count, at }),
  CredentialSuspended: object({ credentialId, at }),
  CredentialResumed: object({ credentialId, at }),
  CredentialRevoked: object({ credentialId, reason: nullable(text), at }),
  CredentialDeleted: object({ credentialId, at }),
  SecretAcknowledged: object({ credentialId, version: count, at }),
  SecretRevealed: object({ credentialId, at }),
  WebhookSecretAssigned: object({ credentialId, previousCredentialId: nullable(text), at }),
};

const otherForms: Forms<Exclude<CausedEvent, AccountEvent>> = {
  ApiEndpointsReplaced: object({ changes: record(change(endpoint)), at }),
  AuditTrailRead: object({ accountId: nullable(text), filters: record(text), at }),
};

const uncausedForms: Forms<Exclude<StoredEvent, CausedEvent>> = { LogCreated: object({ logId: text, at }) };

/**
 * The stored form of each event, in its current schema version. Field names are those of the domain; a change needs a
 * new schema version, an upcaster and a golden file, because what is in the log stays as it was written.
 */
export const storedForms: Forms<StoredEvent> = { ...accountForms, ...otherForms, ...uncausedForms };

/** Whether an event belongs to the stream of an account. */
export const isAccountEvent = (event: StoredEvent): event is AccountEvent => Object.hasOwn(accountForms, event.type);

/** Whether a caller has caused the event. True for a type that this version does not know: whoever reads it stops. */
export const isCaused = <E extends { readonly type: string }>(event: E): event is Exclude<E, LogCreated> =>
  !Object.hasOwn(uncausedForms, event.type);
