import type { Credential, CredentialVersion } from './account-state.js';
import type { IssuedSecret, RotationCancelled } from './credential-events.js';
import { newestVersionNumber, overlapVersionAt } from './credential-status.js';

const MOST_VERSIONS = 10;

export const versionOf = (event: IssuedSecret & { readonly at: string }): CredentialVersion => ({
  version: event.version,
  digest: event.digest,
  maskedSecret: event.maskedSecret,
  createdAt: event.at,
  validUntil: null,
});

const withValidUntil = (credential: Credential, version: number, validUntil: string | null): Credential => ({
  ...credential,
  versions: credential.versions.map((each) => (each.version === version ? { ...each, validUntil } : each)),
});

/** Forgets the oldest version but the one that was current until now: after cancelled rotations it may be the first. */
const forgetOldest = (versions: readonly CredentialVersion[], keep: CredentialVersion | undefined) =>
  versions.length < MOST_VERSIONS
    ? versions
    : versions.toSpliced(
        versions.findIndex((version) => version !== keep),
        1,
      );

/** The issued version becomes current; the one before stays valid until `overlapEndsAt`. */
export const nextVersion = (
  credential: Credential,
  event: IssuedSecret & { readonly at: string },
  overlapEndsAt: string,
): Credential => {
  if (event.version <= newestVersionNumber(credential)) return credential;
  const replaced = credential.versions.find(({ validUntil }) => validUntil === null);
  const kept = forgetOldest(credential.versions, replaced);
  const versions = kept.map((version) => (version === replaced ? { ...version, validUntil: overlapEndsAt } : version));
  return { ...credential, versions: [...versions, versionOf(event)] };
};

export const extendOverlap = (credential: Credential, at: string, overlapEndsAt: string): Credential => {
  const overlap = overlapVersionAt(credential, at);
  return overlap === undefined ? credential : withValidUntil(credential, overlap.version, overlapEndsAt);
};

/** Only a version that is not current can be ended: a credential always has a current one. */
export const endVersion = (credential: Credential, version: number, at: string): Credential => {
  const ended = credential.versions.find((each) => each.version === version);
  return ended?.validUntil === null ? credential : withValidUntil(credential, version, at);
};

/** The current version dies and the one before is current again. */
export const restoreVersion = (credential: Credential, event: RotationCancelled): Credential => {
  const ended = credential.versions.find(({ version }) => version === event.endedVersion);
  const restored = credential.versions.find(({ version }) => version === event.restoredVersion);
  if (ended?.validUntil !== null || restored === undefined || restored === ended) return credential;
  return withValidUntil(withValidUntil(credential, ended.version, event.at), restored.version, null);
};
