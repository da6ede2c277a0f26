import { rotationDueAt, statusAt, versionStateAt, type AccountEvent, type Credential } from '../src/index.js';
import { time } from './given-when-then.js';
import { created, registered, revoked, rotated, suspended } from './fixtures.js';
import { credentialAfter } from './credential-after.js';

describe('the status of a credential', () => {
  it.each([
    ['active', null, 'active'],
    ['suspended', null, 'suspended'],
    ['revoked', null, 'revoked'],
    ['active', time(61), 'active'],
    ['active', time(60), 'expired'],
    ['active', time(59), 'expired'],
    ['suspended', time(61), 'suspended'],
    ['suspended', time(59), 'expired'],
    ['revoked', time(59), 'revoked'],
  ] as const)('%s with expiry %j is %s', (status, expiresAt, expected) => {
    expect(statusAt({ status, expiresAt }, time(60))).toBe(expected);
  });
});

describe('the state of a version', () => {
  it.each([
    [null, false, 'current'],
    [time(61), false, 'overlap'],
    [time(60), false, 'ended'],
    [time(59), false, 'ended'],
    [time(61), true, 'ended'],
  ])('valid until %j, ended by an event: %j, is %s', (validUntil, ended, expected) => {
    expect(versionStateAt({ validUntil, ended }, time(60))).toBe(expected);
  });
});

describe('rotation advice', () => {
  const days = (n: number): number => n * 24 * 60;
  const pair = created('app_key_pair');
  const dueAfter = (...events: readonly AccountEvent[]): string | null =>
    rotationDueAt(credentialAfter(registered, ...events) as Credential);

  it('counts from the creation of the current version', () => {
    expect(dueAfter(pair)).toBe(time(10 + days(90)));
    expect(dueAfter(pair, suspended())).toBe(time(10 + days(90)));
    expect(dueAfter(pair, rotated())).toBe(time(30 + days(90)));
    const cancelled = {
      type: 'RotationCancelled',
      credentialId: 'cred_1',
      endedVersion: 2,
      restoredVersion: 1,
    } as const;
    expect(dueAfter(pair, rotated(), { ...cancelled, at: time(40) })).toBe(time(10 + days(90)));
  });

  it('is given for types that have it, and not for revoked credentials', () => {
    expect(dueAfter(created('api_key'))).toBeNull();
    expect(dueAfter(pair, revoked())).toBeNull();
  });
});
