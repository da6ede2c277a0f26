import type { Credential, CredentialVersion } from './account-state.js';
import { plusSeconds } from '../instants.js';

/** What a credential is to its holder at a time. All but `active` are shown as "inactive". */
export type CredentialStatus = 'active' | 'suspended' | 'revoked' | 'expired';
type VersionState = 'current' | 'overlap' | 'ended';

const SECONDS_PER_DAY = 86_400;

/** No event is written when an expiry passes, so status is a question about a time: `nowIso`, ISO 8601 in UTC. */
export const statusAt = (credential: Pick<Credential, 'status' | 'expiresAt'>, nowIso: string): CredentialStatus => {
  if (credential.status === 'revoked') return 'revoked';
  return credential.expiresAt !== null && credential.expiresAt <= nowIso ? 'expired' : credential.status;
};

/** Only the end of an overlap is a matter of the clock: what an event has ended is ended for everyone. */
export const versionStateAt = (
  version: Pick<CredentialVersion, 'validUntil' | 'ended'>,
  nowIso: string,
): VersionState => {
  if (version.ended) return 'ended';
  if (version.validUntil === null) return 'current';
  return version.validUntil > nowIso ? 'overlap' : 'ended';
};

/** The version before the current one, as long as it stays valid beside it. */
export const overlapVersionAt = (credential: Credential, nowIso: string): CredentialVersion | undefined =>
  credential.versions.find((version) => versionStateAt(version, nowIso) === 'overlap');

export const currentVersion = (credential: Credential): CredentialVersion | undefined =>
  credential.versions.find(({ validUntil }) => validUntil === null);

/** The highest version number ever issued; a cancelled rotation used up its number. */
export const newestVersionNumber = (credential: Credential): number => credential.versions.at(-1)?.version ?? 0;

/** When the current secret should be replaced (advice, not a rule), or null where none is given. */
export const rotationDueAt = (credential: Credential): string | null => {
  const current = currentVersion(credential);
  if (credential.status === 'revoked' || credential.rotationAdviceDays === null || current === undefined) return null;
  return plusSeconds(current.createdAt, credential.rotationAdviceDays * SECONDS_PER_DAY);
};
