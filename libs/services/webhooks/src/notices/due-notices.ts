import type { NoticeData, NoticeName } from '@keyledger/contract';
import type { CredentialTimes } from './credential-times.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Of the end of an overlap. */
export const HOURS_BEFORE = [24, 1] as const;

/** What a notice says beside whose credential it is about, and when the old secret was last used. */
type Said<N extends NoticeName> = Omit<NoticeData<N>, 'accountId' | 'credentialId' | 'lastUsedAt'>;

/** One step of telling about one time. `step` and `end` tell it from all others of the credential. */
export type DueNotice = {
  [N in NoticeName]: {
    readonly name: N;
    readonly step: string;
    readonly end: string;
    readonly dueAt: string;
    readonly said: Said<N>;
  };
}[NoticeName];

const before = (instant: string, ms: number): string => new Date(Date.parse(instant) - ms).toISOString();

/** When the current secret should be replaced; null where nothing is advised. */
export const rotationDueAt = ({ rotationAdviceDays, current }: CredentialTimes): string | null =>
  rotationAdviceDays === null ? null : before(current.createdAt, -rotationAdviceDays * DAY_MS);

const ofCredential = ({ credentialType, name }: CredentialTimes) => ({ credentialType, name });

const expiring = (times: CredentialTimes, now: string, days: readonly number[]): readonly DueNotice[] => {
  const { expiresAt, expirySince } = times;
  if (expiresAt === null || expiresAt <= now) return [];
  return days
    .map((daysLeft): DueNotice => {
      const said = { ...ofCredential(times), expiresAt, daysLeft };
      const dueAt = before(expiresAt, daysLeft * DAY_MS);
      return { name: 'expiring', step: `expiring-${daysLeft}d`, end: expiresAt, dueAt, said };
    })
    .filter(({ dueAt }) => dueAt >= expirySince);
};

const rotationDue = (times: CredentialTimes, now: string): readonly DueNotice[] => {
  const dueAt = rotationDueAt(times);
  if (dueAt === null || (times.expiresAt !== null && times.expiresAt <= now)) return [];
  const { version } = times.current;
  const said = { ...ofCredential(times), version, rotationDueAt: dueAt };
  return [{ name: 'rotationDue', step: `rotation-due-${version}`, end: dueAt, dueAt, said }];
};

const rotationEnding = ({ overlap, ...times }: CredentialTimes, now: string): readonly DueNotice[] => {
  if (overlap === null || overlap.endsAt <= now) return [];
  const { ending, endsAt, since } = overlap;
  const said = { ...ofCredential({ overlap, ...times }), endingVersion: ending.version, overlapEndsAt: endsAt };
  return HOURS_BEFORE.map((hours): DueNotice => ({
    ...{ name: 'rotationEnding', step: `rotation-ending-${ending.version}-${hours}h`, end: endsAt },
    ...{ dueAt: before(endsAt, hours * HOUR_MS), said },
  })).filter(({ dueAt }) => dueAt >= since);
};

/** Of several steps that are due, only the last is worth telling. */
const lastDue = (notices: readonly DueNotice[], now: string): readonly DueNotice[] => {
  const due = notices.filter(({ dueAt }) => dueAt <= now).sort((a, b) => (a.dueAt < b.dueAt ? 1 : -1));
  return due.slice(0, 1);
};

/**
 * What is to be told of a credential at the time `now`, whether or not it was told already. A step that was past when
 * its time was set is none: who creates a credential for an hour knows that it ends soon.
 */
export const dueNotices = (times: CredentialTimes, now: string, expiryDays: readonly number[]): readonly DueNotice[] =>
  [expiring(times, now, expiryDays), rotationDue(times, now), rotationEnding(times, now)].flatMap((notices) =>
    lastDue(notices, now),
  );
