import type { Credential, CredentialReply, IssuedCredentialReply } from '@keyledger/contract';
import { newJourney, type Journey } from '../harness/journey.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

const ROTATE = 'CredentialService/RotateCredential';
const CHANGE = 'CredentialService/ChangeRotation';
const FINISH = 'CredentialService/FinishRotation';
const CANCEL = 'CredentialService/CancelRotation';
const HOUR_MS = 3_600_000;
const WEEK_SECONDS = 604_800;

const create = (journey: Journey, fields: object = {}): Promise<IssuedCredentialReply> =>
  journey.does<IssuedCredentialReply>('CredentialService/CreateCredential', {
    type: 'client_credentials',
    name: 'billing-service',
    ...fields,
  });

const rotate = (journey: Journey, credentialId: string, overlapSeconds: number): Promise<IssuedCredentialReply> =>
  journey.does<IssuedCredentialReply>(ROTATE, { credentialId, overlapSeconds });

const states = ({ versions }: Credential): readonly unknown[] =>
  versions.map(({ version, state }) => [version, state] as const);

const later = (time: string, milliseconds: number): string => new Date(Date.parse(time) + milliseconds).toISOString();

/** Expiry is a matter of the clock, so there is nothing to wait for but the clock. */
const clockPasses = (time: string): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, Date.parse(time) - Date.now()) + 1));

describe.each(visit.doors)('rotation and expiry over $name', (door) => {
  test('with an overlap both versions are valid; id and public part stay', async () => {
    const journey = await newJourney(visit, door);
    const { credential: before, secret } = await create(journey);
    const { credentialId } = before;
    const rotated = await rotate(journey, credentialId, 3600);
    expect(rotated.secret['clientId']).toBe(secret['clientId']);
    expect(rotated.secret['clientSecret']).toMatch(/^kcs_[0-9A-Za-z]{49}$/);
    expect(rotated.secret['clientSecret']).not.toBe(secret['clientSecret']);
    const after = await journey.credential(credentialId);
    expect(after).toEqual(rotated.credential);
    expect(after).toMatchObject({ publicPart: before.publicPart, createdAt: before.createdAt, status: 'active' });
    expect(states(after)).toEqual([
      [1, 'overlap'],
      [2, 'current'],
    ]);
    const [first, second] = after.versions;
    expect(first?.validUntil).toBe(later(second?.createdAt ?? '', HOUR_MS));
    expect(second?.validUntil).toBeNull();
    expect(await journey.isRefused(ROTATE, { credentialId })).toMatchObject({ code: 'rotation-in-progress' });
  });

  test('without an overlap the old version ends at once', async () => {
    const journey = await newJourney(visit, door);
    const { credentialId } = (await create(journey)).credential;
    await journey.does(ROTATE, { credentialId });
    await rotate(journey, credentialId, 0);
    expect(states(await journey.credential(credentialId))).toEqual([
      [1, 'ended'],
      [2, 'ended'],
      [3, 'current'],
    ]);
  });

  test('the overlap is extended and shortened, within a week of the rotation', async () => {
    const journey = await newJourney(visit, door);
    const { credentialId } = (await create(journey)).credential;
    const { credential } = await rotate(journey, credentialId, 3600);
    const rotatedAt = credential.versions[1]?.createdAt ?? '';
    for (const hours of [48, 2]) {
      const overlapEndsAt = later(rotatedAt, hours * HOUR_MS);
      const reply = await journey.does<CredentialReply>(CHANGE, { credentialId, overlapEndsAt });
      expect(reply.credential.versions[0]).toMatchObject({ state: 'overlap', validUntil: overlapEndsAt });
    }
    const refused = [later(rotatedAt, WEEK_SECONDS * 1000 + 1), later(rotatedAt, -1), '2020-01-01T00:00:00.000Z'];
    for (const overlapEndsAt of refused) {
      const refusal = await journey.isRefused(CHANGE, { credentialId, overlapEndsAt });
      expect(refusal).toEqual({ code: 'invalid-request', fields: ['overlapEndsAt'] });
    }
    await journey.does(CHANGE, { credentialId, overlapEndsAt: later(rotatedAt, WEEK_SECONDS * 1000) });
  });

  test('finishing ends the old version, cancelling the new one', async () => {
    const journey = await newJourney(visit, door);
    const { credential, secret } = await create(journey);
    const { credentialId } = credential;
    await rotate(journey, credentialId, 3600);
    await journey.does(CANCEL, { credentialId });
    const cancelled = await journey.credential(credentialId);
    expect(states(cancelled)).toEqual([
      [1, 'current'],
      [2, 'ended'],
    ]);
    expect(cancelled.maskedSecret).toBe(`kcs_…${secret['clientSecret']?.slice(-4)}`);
    const third = await rotate(journey, credentialId, 3600);
    expect(await journey.does(FINISH, { credentialId })).toMatchObject({ credential: { credentialId } });
    const finished = await journey.credential(credentialId);
    expect(states(finished)).toEqual([
      [1, 'ended'],
      [2, 'ended'],
      [3, 'current'],
    ]);
    expect(finished.maskedSecret).toBe(`kcs_…${third.secret['clientSecret']?.slice(-4)}`);
    expect((await journey.trail({ credentialId })).map(({ action }) => action)).toEqual([
      'CredentialCreated',
      'CredentialRotated',
      'RotationCancelled',
      'CredentialRotated',
      'RotationFinished',
    ]);
  });

  test('without a rotation there is nothing to change, finish or cancel', async () => {
    const journey = await newJourney(visit, door);
    const { credentialId } = (await create(journey)).credential;
    const attempts = [
      [CHANGE, { overlapEndsAt: '2100-01-01T00:00:00.000Z' }],
      [FINISH, {}],
      [CANCEL, {}],
    ] as const;
    for (const [rpc, fields] of attempts) {
      const { code } = await journey.isRefused(rpc, { credentialId, ...fields });
      expect({ rpc, code }).toEqual({ rpc, code: 'no-rotation-in-progress' });
    }
  });

  test.each([WEEK_SECONDS + 1, 4_294_967_295])('an overlap of %d seconds is refused', async (overlapSeconds) => {
    const journey = await newJourney(visit, door);
    const { credentialId } = (await create(journey)).credential;
    expect(await journey.isRefused(ROTATE, { credentialId, overlapSeconds })).toEqual({
      code: 'invalid-request',
      fields: ['overlapSeconds'],
    });
    await rotate(journey, credentialId, WEEK_SECONDS);
  });

  test('an overlap cannot outlive the credential', async () => {
    const journey = await newJourney(visit, door);
    const expiresAt = later(new Date().toISOString(), HOUR_MS);
    const { credentialId } = (await create(journey, { expiresAt })).credential;
    expect(await journey.isRefused(ROTATE, { credentialId, overlapSeconds: 3601 })).toMatchObject({
      code: 'invalid-request',
      fields: ['overlapSeconds'],
    });
    await rotate(journey, credentialId, 60);
    const overlapEndsAt = later(expiresAt, 1);
    expect(await journey.isRefused(CHANGE, { credentialId, overlapEndsAt })).toMatchObject({
      fields: ['overlapEndsAt'],
    });
  });

  test('a suspended credential rotates and stays suspended', async () => {
    const journey = await newJourney(visit, door);
    const { credentialId } = (await create(journey)).credential;
    await journey.does('CredentialService/SuspendCredential', { credentialId });
    const { credential } = await rotate(journey, credentialId, 60);
    expect(credential.status).toBe('suspended');
  });

  test('what is expired is final, but can still be revoked', async () => {
    const journey = await newJourney(visit, door);
    const expiresAt = later(new Date().toISOString(), 1500);
    const { credentialId } = (await create(journey, { expiresAt })).credential;
    await clockPasses(expiresAt);
    expect(await journey.credential(credentialId)).toMatchObject({ status: 'expired', expiresAt });
    expect(await journey.credentials({ status: 'expired' })).toMatchObject([{ credentialId, status: 'expired' }]);
    expect(await journey.credentials({ status: 'active' })).toEqual([]);
    const refused = [
      ['ResumeCredential', {}],
      ['RotateCredential', {}],
      ['SuspendCredential', {}],
      ['UpdateCredential', { expiresAt: '2100-01-01T00:00:00.000Z' }],
    ] as const;
    for (const [rpc, fields] of refused) {
      const { code } = await journey.isRefused(`CredentialService/${rpc}`, { credentialId, ...fields });
      expect({ rpc, code }).toEqual({ rpc, code: 'credential-expired' });
    }
    await journey.does('CredentialService/RevokeCredential', { credentialId });
    expect(await journey.credentials({ status: 'revoked' })).toMatchObject([{ credentialId }]);
    // No event is written when time passes.
    expect((await journey.trail({ credentialId })).map(({ action }) => action)).toEqual([
      'CredentialCreated',
      'CredentialRevoked',
    ]);
  });
});
