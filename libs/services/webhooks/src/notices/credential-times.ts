import type { AccountEvent, CredentialCreated, EventOf } from '@keyledger/domain';

interface SecretVersion {
  readonly version: number;
  readonly createdAt: string;
}

/** What is noted of a credential so that its holder can be told in time. All times are ISO 8601 in UTC. */
export interface CredentialTimes {
  readonly credentialType: string;
  readonly name: string | null;
  readonly expiresAt: string | null;
  /** Since when it ends at that time. */
  readonly expirySince: string;
  readonly rotationAdviceDays: number | null;
  readonly current: SecretVersion;
  /** The secret before the current one, while it is valid beside it. */
  readonly overlap: {
    readonly ending: SecretVersion;
    readonly endsAt: string;
    /** Since when it ends at that time. */
    readonly since: string;
  } | null;
}

const created = (event: CredentialCreated): CredentialTimes => ({
  credentialType: event.credentialType,
  name: event.name,
  expiresAt: event.expiresAt,
  expirySince: event.at,
  rotationAdviceDays: event.rotationAdviceDays,
  current: { version: event.version, createdAt: event.at },
  overlap: null,
});

type Overlap = CredentialTimes['overlap'];

/** An end that is not later than its event is no time to wait for. */
const overlapUntil = (ending: SecretVersion, endsAt: string, at: string): Overlap =>
  endsAt > at ? { ending, endsAt, since: at } : null;

const rotated = (times: CredentialTimes, event: EventOf<'CredentialRotated'>): CredentialTimes => ({
  ...times,
  current: { version: event.version, createdAt: event.at },
  overlap: overlapUntil(times.current, event.overlapEndsAt, event.at),
});

const extended = (times: CredentialTimes, { changes, at }: EventOf<'RotationExtended'>): CredentialTimes =>
  times.overlap === null
    ? times
    : { ...times, overlap: overlapUntil(times.overlap.ending, changes.overlapEndsAt.to, at) };

const cancelled = (times: CredentialTimes): CredentialTimes =>
  times.overlap === null ? times : { ...times, current: times.overlap.ending, overlap: null };

const changed = (times: CredentialTimes, { changes, at }: EventOf<'CredentialChanged'>): CredentialTimes =>
  changes.expiresAt === undefined ? times : { ...times, expiresAt: changes.expiresAt.to, expirySince: at };

/** The times after an event about this credential; undefined where there is nothing more to tell. Never throws. */
export const evolveTimes = (times: CredentialTimes | undefined, event: AccountEvent): CredentialTimes | undefined => {
  if (event.type === 'CredentialCreated') return times ?? created(event);
  if (times === undefined) return undefined;
  switch (event.type) {
    case 'CredentialChanged':
      return changed(times, event);
    case 'CredentialRotated':
      return rotated(times, event);
    case 'AuthTokenRefreshed':
      return { ...times, current: { version: event.version, createdAt: event.at }, overlap: null };
    case 'RotationExtended':
      return extended(times, event);
    case 'RotationFinished':
      return { ...times, overlap: null };
    case 'RotationCancelled':
      return cancelled(times);
    case 'CredentialRevoked':
    case 'CredentialDeleted':
      return undefined;
    default:
      return times;
  }
};
