import { applyChanges } from '../changes.js';
import type { Credential, CredentialVersion } from './account-state.js';
import { currentVersion, newestVersionNumber, overlapVersionAt } from './credential-status.js';
import {
  isCredentialEvent,
  type AccountEvent,
  type CredentialCreated,
  type CredentialLifeEvent,
  type EventOf,
  type IssuedSecret,
} from './events.js';

const MOST_VERSIONS = 10;

const versionOf = (event: IssuedSecret & { readonly at: string }): CredentialVersion => ({
  version: event.version,
  digest: event.digest,
  maskedSecret: event.maskedSecret,
  createdAt: event.at,
  validUntil: null,
  ended: false,
});

/** The part of a version that says how long it is valid. */
type Validity = Pick<CredentialVersion, 'validUntil' | 'ended'>;

const CURRENT: Validity = { validUntil: null, ended: false };

/** An end that is not later than its event is no time to wait for: the event ends the version. */
const until = (validUntil: string, at: string): Validity => ({ validUntil, ended: validUntil <= at });

const withValidity = (credential: Credential, version: number, validity: Validity): Credential => ({
  ...credential,
  versions: credential.versions.map((each) => (each.version === version ? { ...each, ...validity } : each)),
});

/** Forgets the oldest version but the one that was current until now: after cancelled rotations it may be the first. */
const forgetOldest = (versions: readonly CredentialVersion[], keep: CredentialVersion | undefined) =>
  versions.length < MOST_VERSIONS
    ? versions
    : versions.toSpliced(
        versions.findIndex((version) => version !== keep),
        1,
      );

/** The issued version becomes current, the one before stays valid until `overlapEndsAt`, and all others are ended. */
const nextVersion = (
  credential: Credential,
  event: IssuedSecret & { readonly at: string },
  overlapEndsAt: string,
): Credential => {
  if (event.version <= newestVersionNumber(credential)) return credential;
  const replaced = currentVersion(credential);
  const kept = forgetOldest(credential.versions, replaced);
  const validity = until(overlapEndsAt, event.at);
  const versions = kept.map((version) => ({ ...version, ...(version === replaced ? validity : { ended: true }) }));
  return { ...credential, versions: [...versions, versionOf(event)] };
};

const extendOverlap = (credential: Credential, at: string, overlapEndsAt: string): Credential => {
  const overlap = overlapVersionAt(credential, at);
  return overlap === undefined ? credential : withValidity(credential, overlap.version, until(overlapEndsAt, at));
};

/** Only a version that is not current can be ended: a credential always has a current one. */
const endVersion = (credential: Credential, version: number, at: string): Credential => {
  const ended = credential.versions.find((each) => each.version === version);
  return ended?.validUntil === null ? credential : withValidity(credential, version, until(at, at));
};

/** The current version dies and the one before is current again. */
const restoreVersion = (credential: Credential, event: EventOf<'RotationCancelled'>): Credential => {
  const ended = credential.versions.find(({ version }) => version === event.endedVersion);
  const restored = credential.versions.find(({ version }) => version === event.restoredVersion);
  if (ended?.validUntil !== null || restored === undefined || restored === ended) return credential;
  const without = withValidity(credential, ended.version, until(event.at, event.at));
  return withValidity(without, restored.version, CURRENT);
};

/** Field by field: with a copy of all named facts the fold of a large account takes several times as long. */
const created = (event: CredentialCreated, revision: number): Credential => ({
  credentialId: event.credentialId,
  credentialType: event.credentialType,
  status: 'active',
  name: event.name,
  description: event.description,
  mode: event.mode,
  environment: event.environment,
  applicationId: event.applicationId,
  scopes: event.scopes,
  createdAt: event.at,
  expiresAt: event.expiresAt,
  publicPart: event.publicPart,
  publicPartMasked: event.publicPartMasked,
  bindsIpAllowlist: event.bindsIpAllowlist,
  bindsEndpoints: event.bindsEndpoints,
  retained: event.retained,
  maySign: event.maySign,
  webhookSigner: false,
  rotationAdviceDays: event.rotationAdviceDays,
  versions: [versionOf(event)],
  acknowledgedVersion: 0,
  revision,
});

/** Ids of the credentials whose resource `event` changes. A moved signer role changes two. */
export const credentialsTouched = (event: AccountEvent): readonly string[] => {
  if (!isCredentialEvent(event)) return [];
  const { credentialId } = event;
  const previous = event.type === 'WebhookSecretAssigned' ? event.previousCredentialId : null;
  return previous === null || previous === credentialId ? [credentialId] : [credentialId, previous];
};

/** Suspension is only between active and suspended; revoked is final. */
const withStatus = (credential: Credential, status: Credential['status']): Credential =>
  credential.status === 'revoked' ? credential : { ...credential, status };

/** What the event says, but for the revision. The very same object comes back when the event makes no sense for it. */
const apply = (credential: Credential, event: CredentialLifeEvent): Credential | undefined => {
  switch (event.type) {
    case 'CredentialCreated':
      return credential;
    case 'CredentialChanged':
      return applyChanges(credential, event.changes);
    case 'CredentialRotated':
      return nextVersion(credential, event, event.overlapEndsAt);
    case 'AuthTokenRefreshed':
      return nextVersion(credential, event, event.at);
    case 'RotationExtended':
      return extendOverlap(credential, event.at, event.changes.overlapEndsAt.to);
    case 'RotationFinished':
      return endVersion(credential, event.endedVersion, event.at);
    case 'RotationCancelled':
      return restoreVersion(credential, event);
    case 'CredentialSuspended':
      return withStatus(credential, 'suspended');
    case 'CredentialResumed':
      return withStatus(credential, 'active');
    case 'CredentialRevoked':
      return withStatus(credential, 'revoked');
    case 'CredentialDeleted':
      return undefined;
    case 'SecretAcknowledged':
      return { ...credential, acknowledgedVersion: Math.max(credential.acknowledgedVersion, event.version) };
    case 'SecretRevealed':
      return { ...credential };
    case 'WebhookSecretAssigned':
      return { ...credential, webhookSigner: event.credentialId === credential.credentialId };
  }
};

/**
 * One credential after `event`, the account's event number `revision`; undefined before it is created and after it is
 * deleted. Never throws: an event about something else, or one that makes no sense, changes nothing.
 */
export const evolveCredential = (
  credential: Credential | undefined,
  event: AccountEvent,
  revision: number,
): Credential | undefined => {
  if (credential === undefined) return event.type === 'CredentialCreated' ? created(event, revision) : undefined;
  if (!credentialsTouched(event).includes(credential.credentialId)) return credential;
  const after = apply(credential, event as CredentialLifeEvent);
  return after === undefined || after === credential ? after : { ...after, revision };
};
