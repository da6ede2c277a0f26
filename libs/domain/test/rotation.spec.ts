import type { AccountEvent } from '../src/index.js';
import { given, NOW, time } from './given-when-then.js';
import { apiAccessEnabled, created, registered, revoked, rotated, secret, signs, suspended } from './fixtures.js';

const at = NOW;
const credentialId = 'cred_1';
const DAY = 24 * 60;
const key = [registered, created('api_key')];
const expired = [registered, created('api_key', { expiresAt: NOW })];
const rotate = (overlapSeconds = 0) =>
  ({ type: 'RotateCredential', credentialId, overlapSeconds, secret: secret('two2') }) as const;
/** The rotation after the one that `rotated` tells of: with a secret of its own. */
const rotateAgain = { ...rotate(), secret: secret('three3') };
const change = (overlapEndsAt: string) => ({ type: 'ChangeRotation', credentialId, overlapEndsAt }) as const;
const finish = { type: 'FinishRotation', credentialId } as const;
const cancel = { type: 'CancelRotation', credentialId } as const;
const moved = (from: string, to: string): AccountEvent => ({
  type: 'RotationExtended',
  credentialId,
  changes: { overlapEndsAt: { from, to } },
  at,
});

describe('rotating', () => {
  it('ends the old version at once unless an overlap is asked for', () => {
    given(...key)
      .when(rotate())
      .then(rotated(NOW, at));
    given(...key)
      .when(rotate(1800))
      .then(rotated(time(90), at));
    given(...key)
      .when(rotate(604_800))
      .then(rotated(time(60 + 7 * DAY), at));
  });

  it('works for a suspended credential and for the webhook signer', () => {
    given(...key, suspended())
      .when(rotate())
      .then(rotated(NOW, at));
    given(registered, created('api_secret'), signs(credentialId, null, time(10)))
      .when(rotate())
      .then(rotated(NOW, at));
  });

  it.each([-1, 604_801, 1.5, Number.NaN])('refuses an overlap of %d seconds', (overlapSeconds) => {
    given(...key)
      .when(rotate(overlapSeconds))
      .thenRejected('invalid-request', 'overlapSeconds');
  });

  it('keeps the overlap within the life of the credential', () => {
    const passing = [registered, created('api_key', { expiresAt: time(90) })];
    given(...passing)
      .when(rotate(1800))
      .then(rotated(time(90), at));
    given(...passing)
      .when(rotate(1801))
      .thenRejected('invalid-request', 'overlapSeconds');
  });

  it('waits for the end of the overlap before it', () => {
    given(...key, rotated())
      .when(rotateAgain)
      .thenRejected('rotation-in-progress');
    given(...key, rotated(NOW))
      .when(rotateAgain)
      .then({ type: 'CredentialRotated', credentialId, version: 3, ...secret('three3'), overlapEndsAt: NOW, at });
  });

  it('never uses a version number twice, even after a cancelled rotation', () => {
    const cancelled: AccountEvent = {
      type: 'RotationCancelled',
      credentialId,
      endedVersion: 2,
      restoredVersion: 1,
      at: time(40),
    };
    given(...key, rotated(), cancelled)
      .when(rotateAgain)
      .then({ type: 'CredentialRotated', credentialId, version: 3, ...secret('three3'), overlapEndsAt: NOW, at });
  });

  it('is not for the account token, which is refreshed', () => {
    given(registered, ...apiAccessEnabled)
      .when(rotate())
      .thenRejected('not-supported-by-type');
  });
});

describe('a rotation in progress', () => {
  it('is extended or shortened, up to seven days after the rotation', () => {
    given(...key, rotated())
      .when(change(time(120)))
      .then(moved(time(90), time(120)));
    given(...key, rotated())
      .when(change('2030-01-01T01:01:00Z'))
      .then(moved(time(90), time(61)));
    given(...key, rotated())
      .when(change(time(30 + 7 * DAY)))
      .then(moved(time(90), time(30 + 7 * DAY)));
    given(...key, rotated())
      .when(change(time(31 + 7 * DAY)))
      .thenRejected('invalid-request', 'overlapEndsAt');
    given(...key, rotated())
      .when(change(NOW))
      .thenRejected('invalid-request', 'overlapEndsAt');
    given(...key, rotated())
      .when(change('later'))
      .thenRejected('invalid-request', 'overlapEndsAt');
    given(...key, rotated())
      .when(change(time(90)))
      .thenNothing();
  });

  it('ends no later than the credential', () => {
    const passing = [registered, created('api_key', { expiresAt: time(100) }), rotated()];
    given(...passing)
      .when(change(time(100)))
      .then(moved(time(90), time(100)));
    given(...passing)
      .when(change(time(101)))
      .thenRejected('invalid-request', 'overlapEndsAt');
  });

  it('is extended again from where it was extended to', () => {
    const extended: AccountEvent = {
      type: 'RotationExtended',
      credentialId,
      changes: { overlapEndsAt: { from: time(90), to: time(100) } },
      at: time(31),
    };
    given(...key, rotated(), extended)
      .when(change(time(110)))
      .then(moved(time(100), time(110)));
  });

  it('is finished: the old version ends now', () => {
    given(...key, rotated())
      .when(finish)
      .then({ type: 'RotationFinished', credentialId, endedVersion: 1, at });
  });

  it('can be finished for as long as it lasts by the clock, even in a stream that is ahead', () => {
    const ahead: AccountEvent = { type: 'AccountChanged', changes: { name: { from: 'Acme', to: 'A' } }, at: time(999) };
    given(...key, rotated(), ahead)
      .when(finish, { at: time(999), now: NOW })
      .then({ type: 'RotationFinished', credentialId, endedVersion: 1, at: time(999) });
  });

  it('is cancelled: the new version ends and the old one is current', () => {
    given(...key, rotated())
      .when(cancel)
      .then({ type: 'RotationCancelled', credentialId, endedVersion: 2, restoredVersion: 1, at });
  });

  it('is over once its overlap has ended, was finished or was cancelled', () => {
    const finished: AccountEvent = { type: 'RotationFinished', credentialId, endedVersion: 1, at: time(40) };
    const cancelled: AccountEvent = {
      type: 'RotationCancelled',
      credentialId,
      endedVersion: 2,
      restoredVersion: 1,
      at: time(40),
    };
    const histories = [key, [...key, rotated(NOW)], [...key, rotated(), finished], [...key, rotated(), cancelled]];
    for (const history of histories) {
      for (const command of [change(time(100)), finish, cancel]) {
        given(...history)
          .when(command)
          .thenRejected('no-rotation-in-progress');
      }
    }
  });

  it('is refused for revoked and expired credentials', () => {
    for (const command of [rotateAgain, change(time(120)), finish, cancel]) {
      given(...key, rotated(), revoked(credentialId, time(40)))
        .when(command)
        .thenRejected('credential-revoked');
      given(...expired, rotated())
        .when(command)
        .thenRejected('credential-expired');
    }
  });
});

describe('a new expiry during an overlap', () => {
  it('may not come before the end of the overlap', () => {
    const expiring = (expiresAt: string) => ({ type: 'UpdateCredential', credentialId, expiresAt }) as const;
    given(...key, rotated(time(90)))
      .when(expiring(time(89)))
      .thenRejected('invalid-request', 'expiresAt');
    given(...key, rotated(time(90)))
      .when(expiring(time(90)))
      .then({ type: 'CredentialChanged', credentialId, changes: { expiresAt: { from: null, to: time(90) } }, at });
  });
});
