import type { AccountEvent } from './account-events.js';
import type { Credential } from './account-state.js';
import { applyChanges } from '../changes.js';
import type { CredentialCreated, CredentialLifeEvent } from './credential-events.js';
import { endVersion, extendOverlap, nextVersion, restoreVersion, versionOf } from './credential-versions.js';

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
  switch (event.type) {
    case 'CredentialCreated':
    case 'CredentialChanged':
    case 'CredentialRotated':
    case 'AuthTokenRefreshed':
    case 'RotationExtended':
    case 'RotationFinished':
    case 'RotationCancelled':
    case 'CredentialSuspended':
    case 'CredentialResumed':
    case 'CredentialRevoked':
    case 'CredentialDeleted':
    case 'SecretAcknowledged':
    case 'SecretRevealed':
      return [event.credentialId];
    case 'WebhookSecretAssigned':
      return event.previousCredentialId === null || event.previousCredentialId === event.credentialId
        ? [event.credentialId]
        : [event.credentialId, event.previousCredentialId];
    default:
      return [];
  }
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
