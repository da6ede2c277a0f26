import {
  credentialsTouched,
  evolveCredential,
  versionStateAt,
  type AccountEvent,
  type Credential,
} from '../src/index.js';
import { time } from './given-when-then.js';
import {
  apiAccessEnabled,
  created,
  deleted,
  registered,
  revoked,
  rotated,
  secret,
  signs,
  suspended,
} from './fixtures.js';
import { credentialAfter } from './credential-after.js';

const credentialId = 'cred_1';
const key = created('api_key');
const first = (validUntil: string | null, ended = false) => ({
  version: 1,
  ...secret('one1'),
  createdAt: time(10),
  validUntil,
  ended,
});
const second = (validUntil: string | null, ended = false) => ({
  version: 2,
  ...secret('two2'),
  createdAt: time(30),
  validUntil,
  ended,
});
const versionsAfter = (...events: readonly AccountEvent[]) => credentialAfter(key, ...events)?.versions;
const cancelled = (endedVersion = 2, restoredVersion = 1): AccountEvent => ({
  type: 'RotationCancelled',
  credentialId,
  endedVersion,
  restoredVersion,
  at: time(40),
});

const finished = (endedVersion: number): AccountEvent => ({
  type: 'RotationFinished',
  credentialId,
  endedVersion,
  at: time(40),
});
const refreshed: AccountEvent = {
  type: 'AuthTokenRefreshed',
  credentialId,
  version: 2,
  ...secret('two2'),
  at: time(30),
};

describe('a credential, folded', () => {
  it('begins with the facts of its creation', () => {
    const pair = created('app_key_pair', { name: 'n', description: 'd', scopes: ['s'], expiresAt: time(90) });
    expect(credentialAfter(registered, pair)).toEqual({
      credentialId,
      credentialType: 'app_key_pair',
      status: 'active',
      name: 'n',
      description: 'd',
      mode: null,
      environment: 'production',
      applicationId: 'app_1',
      scopes: ['s'],
      createdAt: time(10),
      expiresAt: time(90),
      publicPart: 'public-1',
      publicPartMasked: false,
      bindsIpAllowlist: false,
      bindsEndpoints: true,
      retained: false,
      maySign: false,
      webhookSigner: false,
      rotationAdviceDays: 90,
      versions: [first(null)],
      acknowledgedVersion: 0,
      revision: 1,
    });
  });

  it('takes every change', () => {
    const changed: AccountEvent = {
      type: 'CredentialChanged',
      credentialId,
      changes: {
        description: { from: null, to: 'd' },
        scopes: { from: [], to: ['s'] },
        expiresAt: { from: null, to: time(90) },
      },
      at: time(20),
    };
    const expected = { description: 'd', scopes: ['s'], expiresAt: time(90), revision: 1 };
    expect(credentialAfter(key, changed)).toMatchObject(expected);
  });

  it('is suspended, resumed, revoked and deleted', () => {
    const resumed: AccountEvent = { type: 'CredentialResumed', credentialId, at: time(21) };
    expect(credentialAfter(key, suspended())).toMatchObject({ status: 'suspended', revision: 1 });
    expect(credentialAfter(key, suspended(), resumed)).toMatchObject({ status: 'active', revision: 2 });
    expect(credentialAfter(key, revoked())).toMatchObject({ status: 'revoked', revision: 1 });
    expect(credentialAfter(key, suspended(), revoked())).toMatchObject({ status: 'revoked' });
    expect(credentialAfter(key, revoked(), deleted())).toBeUndefined();
  });

  it('stays revoked, whatever follows', () => {
    const resumed: AccountEvent = { type: 'CredentialResumed', credentialId, at: time(21) };
    for (const event of [resumed, suspended()]) {
      expect(credentialAfter(key, revoked(), event)).toEqual(credentialAfter(key, revoked()));
    }
  });

  it('counts what is told about its secret as events about it', () => {
    const acknowledged = (of: number): AccountEvent => ({
      type: 'SecretAcknowledged',
      credentialId,
      version: of,
      at: time(20),
    });
    const revealed: AccountEvent = { type: 'SecretRevealed', credentialId, at: time(21) };
    expect(credentialAfter(key, acknowledged(1))).toMatchObject({ acknowledgedVersion: 1, revision: 1 });
    expect(credentialAfter(key, acknowledged(2), acknowledged(1))).toMatchObject({ acknowledgedVersion: 2 });
    expect(credentialAfter(key, revealed)).toEqual({ ...credentialAfter(key), revision: 1 });
  });

  it('gets and loses the role of the webhook signer', () => {
    const api = created('api_secret');
    expect(credentialAfter(api, signs(credentialId))).toMatchObject({ webhookSigner: true, revision: 1 });
    const moved = signs('cred_2', credentialId);
    expect(credentialAfter(api, signs(credentialId), moved)).toMatchObject({ webhookSigner: false, revision: 2 });
    expect(credentialAfter(api, signs('cred_2'))).toEqual(credentialAfter(api));
  });

  it('keeps the version before, until the overlap ends', () => {
    expect(versionsAfter(rotated())).toEqual([first(time(90)), second(null)]);
    expect(versionsAfter(rotated(time(30)))).toEqual([first(time(30), true), second(null)]);
  });

  it('moves the end of the overlap, and no other', () => {
    const extended: AccountEvent = {
      type: 'RotationExtended',
      credentialId,
      changes: { overlapEndsAt: { from: time(90), to: time(100) } },
      at: time(40),
    };
    expect(versionsAfter(rotated(), extended)).toEqual([first(time(100)), second(null)]);
    expect(versionsAfter(rotated(time(35)), extended)).toEqual([first(time(35)), second(null)]);
    expect(versionsAfter(extended)).toEqual([first(null)]);
  });

  it('ends the version before when the rotation is finished', () => {
    expect(versionsAfter(rotated(), finished(1))).toEqual([first(time(40), true), second(null)]);
    expect(credentialAfter(key, rotated(), finished(2))).toEqual(credentialAfter(key, rotated()));
  });

  it('goes back to the version before when the rotation is cancelled', () => {
    expect(versionsAfter(rotated(), cancelled())).toEqual([first(null), second(time(40), true)]);
    for (const nonsense of [cancelled(1, 2), cancelled(2, 3), cancelled(2, 2), cancelled(3, 1)]) {
      expect(credentialAfter(key, rotated(), nonsense)).toEqual(credentialAfter(key, rotated()));
    }
  });

  it('replaces a refreshed token at once', () => {
    expect(versionsAfter(refreshed)).toEqual([first(time(30), true), second(null)]);
    expect(versionsAfter(refreshed, refreshed)).toEqual([first(time(30), true), second(null)]);
  });

  it('has no version that a slower clock would still take after the event that ended it', () => {
    const third: AccountEvent = { ...refreshed, type: 'CredentialRotated', version: 3, overlapEndsAt: time(99) };
    const shortened: AccountEvent = {
      type: 'RotationExtended',
      credentialId,
      changes: { overlapEndsAt: { from: time(90), to: time(40) } },
      at: time(40),
    };
    const statesAfter = (...events: readonly AccountEvent[]) =>
      versionsAfter(...events)?.map((each) => versionStateAt(each, time(0)));
    expect(statesAfter(rotated(time(30)))).toEqual(['ended', 'current']);
    expect(statesAfter(refreshed)).toEqual(['ended', 'current']);
    expect(statesAfter(rotated(), finished(1))).toEqual(['ended', 'current']);
    expect(statesAfter(rotated(), cancelled())).toEqual(['current', 'ended']);
    expect(statesAfter(rotated(), shortened)).toEqual(['ended', 'current']);
    // The next rotation was decided when the overlap before it was over.
    expect(statesAfter(rotated(), third)).toEqual(['ended', 'overlap', 'current']);
    expect(statesAfter(rotated())).toEqual(['overlap', 'current']);
  });

  it('remembers ten versions, the current one always among them', () => {
    const rotation = (number: number): AccountEvent => ({
      type: 'CredentialRotated',
      credentialId,
      version: number,
      ...secret('x'),
      overlapEndsAt: time(100 + number),
      at: time(100 + number),
    });
    const numbers = (...events: readonly AccountEvent[]) => versionsAfter(...events)?.map((each) => each.version);
    const rotations = Array.from({ length: 12 }, (_, index) => rotation(index + 2));
    expect(numbers(...rotations.slice(0, 9))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(numbers(...rotations)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    const cancellations = rotations.flatMap((each, index) => [each, cancelled(index + 2, 1)]);
    expect(numbers(...cancellations)).toEqual([1, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(versionsAfter(...cancellations)?.[0]).toEqual(first(null));
  });

  it('is created once, and untouched by what is about others', () => {
    const credential = credentialAfter(key) as Credential;
    const others = [created('api_key', { name: 'again' }), created('api_key', { credentialId: 'cred_2' })];
    for (const event of [...others, suspended('cred_2'), deleted('cred_2'), registered]) {
      expect(evolveCredential(credential, event, 9)).toEqual(credential);
    }
    expect(evolveCredential(undefined, suspended(), 9)).toBeUndefined();
  });
});

describe('the credentials that an event touches', () => {
  it('are the one that it is about, and the one that loses a role', () => {
    expect(credentialsTouched(key)).toEqual([credentialId]);
    expect(credentialsTouched(signs('cred_1'))).toEqual(['cred_1']);
    expect(credentialsTouched(signs('cred_2', 'cred_1'))).toEqual(['cred_2', 'cred_1']);
    expect(credentialsTouched(registered)).toEqual([]);
    expect(apiAccessEnabled.map(credentialsTouched)).toEqual([[], ['cred_1']]);
  });
});
