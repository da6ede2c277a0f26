import type { Credential } from './credential-queries.js';

export type Version = Credential['versions'][number];

export const isEnded = ({ status }: Pick<Credential, 'status'>): boolean =>
  status === 'revoked' || status === 'expired';

export const currentVersion = ({ versions }: Credential): Version | undefined =>
  versions.find(({ state }) => state === 'current');

/** The one before the current one, as long as it stays valid beside it. */
export const overlapVersion = ({ versions }: Credential): Version | undefined =>
  versions.find(({ state }) => state === 'overlap');

const endOf = ({ validUntil }: Version): number => (validUntil === null ? Infinity : Date.parse(validUntil));

/** Only a cancelled rotation ends a version before an older one. */
const isCancelled = (version: Version, { versions }: Credential): boolean =>
  versions.some((other) => other.version < version.version && endOf(other) > endOf(version));

/** What a version is now, in words. */
export const standingOf = (version: Version, credential: Credential): string => {
  if (version.state === 'ended') return isCancelled(version, credential) ? 'Cancelled' : 'Ended';
  if (isEnded(credential)) return `Ended: the credential is ${credential.status}`;
  return version.state === 'current' ? 'Current' : 'Old, still valid';
};

/** Whether the old secret was used after the new one was issued: then somebody still has it. */
export const isOldInUse = (old: Version, current: Version): boolean =>
  old.lastUsedAt !== null && Date.parse(old.lastUsedAt) > Date.parse(current.createdAt);
