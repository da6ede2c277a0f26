import { environments } from '../account/events.js';
import type { AccountEvent, IssuedSecret, Mode, SecretDigest, Tier } from '../account/events.js';
import { disabledReasons, webhookSchemes } from '../account/webhook-endpoint-events.js';
import type { CatalogueEvent } from '../catalogue.js';

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

/**
 * Takes a field of a stored event: returns a copy that holds exactly what the form names, or throws a StoredEventError.
 * Reading and writing use the same forms, so nothing unnamed gets into the log and nothing malformed out of it.
 */
type Field<T> = (value: unknown, path: string) => T;

type Fields<T> = { readonly [K in keyof T]-?: Field<T[K]> };

/** An event that this version cannot read or write. A follower stops on it rather than skip a fact. */
export const storedEventError = (message: string): Error =>
  Object.assign(new Error(message), { name: 'StoredEventError' });

const field =
  <T>(expected: string, is: (value: unknown) => value is T): Field<T> =>
  (value, path) => {
    if (is(value)) return value;
    // The value itself stays out of the message, which ends in logs.
    throw storedEventError(`${path} must be ${expected}, but is ${value === null ? 'null' : typeof value}`);
  };

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const text = field('a string', (value): value is string => typeof value === 'string');
const filled = field('a string with content', (value): value is string => typeof value === 'string' && value !== '');
const flag = field('true or false', (value): value is boolean => typeof value === 'boolean');
const count = field(
  'a whole number, 0 or more',
  (value): value is number => Number.isSafeInteger(value) && Number(value) >= 0,
);
const positive = field(
  'a whole number, 1 or more',
  (value): value is number => Number.isSafeInteger(value) && Number(value) >= 1,
);
/** Only this form orders as text as it does in time, which status and overlap rely on. */
export const isInstant = (value: unknown): value is string => typeof value === 'string' && INSTANT.test(value);
const instant = field('a UTC time with milliseconds', isInstant);

const oneOf = <T extends string>(...allowed: readonly T[]): Field<T> =>
  field(`one of ${allowed.join(', ')}`, (value): value is T => allowed.some((each) => each === value));

const nullable =
  <T>(inner: Field<T>): Field<T | null> =>
  (value, path) =>
    value === null ? null : inner(value, path);

const optional =
  <T>(inner: Field<T>): Field<T | undefined> =>
  (value, path) =>
    value === undefined ? undefined : inner(value, path);

const list = field('a list', (value): value is unknown[] => Array.isArray(value));

const texts: Field<readonly string[]> = (value, path) =>
  list(value, path).map((item, index) => text(item, `${path}[${index}]`));

export const anyObject = field(
  'an object',
  (value): value is Readonly<Record<string, unknown>> =>
    typeof value === 'object' && value !== null && !Array.isArray(value),
);

/** An object of exactly these fields. A loop, because every follower does this for every event of the log. */
const object = <T extends object>(fields: Fields<T>): Field<T> => {
  const names = Object.keys(fields) as (keyof T & string)[];
  return (value, path) => {
    const source = anyObject(value, path);
    const copies: Partial<T> = {};
    for (const name of names) {
      const copy = fields[name](Object.hasOwn(source, name) ? source[name] : undefined, `${path}.${name}`);
      if (copy !== undefined) copies[name] = copy;
    }
    return copies as T;
  };
};

/** An object of any keys. */
const record =
  <T>(inner: Field<T>): Field<Readonly<Record<string, T>>> =>
  (value, path) =>
    Object.fromEntries(
      Object.entries(anyObject(value, path)).map(([key, item]) => [key, inner(item, `${path}.${key}`)]),
    );

const change = <T>(inner: Field<T>) => object({ from: inner, to: inner });

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
const endpointId = text;
const scheme = oneOf(...webhookSchemes);
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
    environment: nullable(oneOf(...environments)),
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

  WebhookEndpointRegistered: object({
    endpointId,
    url: text,
    description: nullable(text),
    types: texts,
    scheme,
    enabled: flag,
    at,
  }),
  WebhookEndpointChanged: object({
    endpointId,
    changes: object({
      url: optional(change(text)),
      description: optional(change(nullable(text))),
      types: optional(change(texts)),
      scheme: optional(change(scheme)),
    }),
    at,
  }),
  WebhookEndpointDisabled: object({ endpointId, reason: oneOf(...disabledReasons), at }),
  WebhookEndpointEnabled: object({ endpointId, at }),
  WebhookEndpointDeleted: object({ endpointId, at }),
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
