import { requestedFacts, type CausedEvent } from '@keyledger/domain';
import type { FieldChange } from '@keyledger/contract';

type Reader<E> = (event: E) => readonly FieldChange[];

/** Stored names that are shown as the resources of the API name the same thing. */
const shownAs: Readonly<Record<string, string>> = { credentialType: 'type', maskedAuthToken: 'authTokenMasked' };

const isEmpty = (value: unknown): boolean => value === null || (Array.isArray(value) && value.length === 0);

/** What the event says of something new: there was nothing before. What is left empty is left out. */
const states =
  <F extends string>(...fields: readonly F[]): Reader<Readonly<Record<F, unknown>>> =>
  (event) =>
    fields
      .filter((field) => !isEmpty(event[field]))
      .map((field) => ({ field: shownAs[field] ?? field, from: null, to: event[field] }));

/** What follows from the type of the event alone. */
const becomes =
  (field: string, from: unknown, to: unknown): Reader<unknown> =>
  () => [{ field, from, to }];

/** What the event itself says of before and after. */
const changed =
  (path = ''): Reader<{ readonly changes: object }> =>
  ({ changes }) =>
    Object.entries(changes as Record<string, { from: unknown; to: unknown } | undefined>).flatMap(([field, change]) =>
      change === undefined ? [] : [{ field: `${path}${field}`, from: change.from, to: change.to }],
    );

/** What happened to one of the account's webhook endpoints: each field is named with the endpoint whose it is. */
const ofEndpoint =
  <E>(reader: Reader<E>): Reader<E & { readonly endpointId: string }> =>
  (event) =>
    reader(event).map((each) => ({ ...each, field: `webhookEndpoints.${event.endpointId}.${each.field}` }));

const nothing: Reader<unknown> = () => [];

/**
 * What each event changed, from the event alone. Fields are named one by one, so that a digest can never slip in.
 * Where an event does not say what was before (a revoked credential may have been suspended), nothing is invented.
 */
const readers: { readonly [T in CausedEvent['type']]: Reader<Extract<CausedEvent, { type: T }>> } = {
  AccountRegistered: states('name', 'externalId'),
  AccountChanged: changed(),
  AccountSuspended: becomes('status', 'active', 'suspended'),
  AccountResumed: becomes('status', 'suspended', 'active'),
  PlanChanged: changed(),

  ApiAccessEnabled: (event) => [...becomes('enabled', false, true)(event), ...states('maskedAuthToken')(event)],
  ApiAccessDisabled: becomes('enabled', true, false),
  IpAllowlistChanged: changed(),

  ApplicationRegistered: states('title', 'description', 'endpointIds'),
  ApplicationChanged: changed(),
  ApplicationEndpointsChanged: changed(),
  ApplicationDeleted: nothing,

  CredentialCreated: states(...requestedFacts, 'publicPart', 'maskedSecret'),
  CredentialChanged: changed(),
  CredentialRotated: states('version', 'maskedSecret', 'overlapEndsAt'),
  AuthTokenRefreshed: states('version', 'maskedSecret'),
  RotationExtended: changed(),
  RotationFinished: states('endedVersion'),
  RotationCancelled: states('endedVersion', 'restoredVersion'),
  CredentialSuspended: becomes('status', 'active', 'suspended'),
  CredentialResumed: becomes('status', 'suspended', 'active'),
  CredentialRevoked: states('reason'),
  CredentialDeleted: nothing,
  SecretAcknowledged: states('version'),
  SecretRevealed: nothing,
  WebhookSecretAssigned: ({ previousCredentialId, credentialId }) =>
    becomes('webhookSigner', previousCredentialId, credentialId)(undefined),

  WebhookEndpointRegistered: ofEndpoint(states('url', 'description', 'types', 'scheme', 'enabled')),
  WebhookEndpointChanged: ofEndpoint(changed()),
  WebhookEndpointDisabled: ofEndpoint((event) => [
    ...becomes('enabled', true, false)(event),
    ...becomes('disabledReason', null, event.reason)(event),
  ]),
  // Why it was disabled before, the event does not say.
  WebhookEndpointEnabled: ofEndpoint(becomes('enabled', false, true)),
  WebhookEndpointDeleted: ({ endpointId }) => becomes(`webhookEndpoints.${endpointId}`, endpointId, null)(undefined),

  ApiEndpointsReplaced: changed('endpoints.'),
  // A read changes nothing; what was asked for is what an auditor of auditors wants to know.
  AuditTrailRead: ({ filters }) => states(...Object.keys(filters))(filters),
};

/** Every action that can be in the trail, which is what it can be asked for. */
export const actions: readonly string[] = Object.keys(readers);

export const changesOf = (event: CausedEvent): readonly FieldChange[] =>
  (readers[event.type] as Reader<CausedEvent>)(event);
