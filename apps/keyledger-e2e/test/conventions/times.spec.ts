import type { Credential, IssuedCredentialReply } from '@keyledger/contract';
import { newJourney, type Journey } from '../harness/journey.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

const LAST = '9999-12-31T23:59:59.999Z';
/** The greatest time that protobuf knows. */
const greatest = { seconds: 253_402_300_799, nanos: 999_999_999 };
const fine = { seconds: 1_937_088_000, nanos: 123_456_789 };

const expiring = async (journey: Journey, expiresAt: unknown): Promise<Credential> => {
  const fields = { type: 'api_key', mode: 'test', expiresAt };
  const reply = await journey.does<IssuedCredentialReply>('CredentialService/CreateCredential', fields);
  return journey.credential(reply.credential.credentialId);
};

describe.each([
  ['HTTP', ['2031-05-21T00:00:00.123456789Z', '2031-05-20T12:00:00.1234567890123-12:00'], '9999-12-31T23:59:59.9999Z'],
  ['gRPC', [fine], greatest],
] as const)('over %s', (name, fines, last) => {
  const [door = visit.doors[0]] = visit.doors.filter((each) => each.name === name);

  test('nothing ends later than asked, nor is the last time too late', async () => {
    const journey = await newJourney(visit, door);
    for (const given of fines) expect((await expiring(journey, given)).expiresAt).toBe('2031-05-21T00:00:00.123Z');
    expect((await expiring(journey, last)).expiresAt).toBe(LAST);
  });

  test('an overlap neither', async () => {
    const journey = await newJourney(visit, door);
    const { credentialId } = await expiring(journey, last);
    await journey.does('CredentialService/RotateCredential', { credentialId, overlapSeconds: 60 });
    const [{ validUntil = null } = {}] = (await journey.credential(credentialId)).versions.filter(
      ({ state }) => state === 'overlap',
    );
    const seconds = Math.floor(Date.parse(validUntil ?? '') / 1000) + 60;
    const end = new Date(seconds * 1000).toISOString();
    const overlapEndsAt = name === 'gRPC' ? { seconds, nanos: 1_999_999 } : end.replace('.000Z', '.001999999Z');
    await journey.does('CredentialService/ChangeRotation', { credentialId, overlapEndsAt });
    const { versions } = await journey.credential(credentialId);
    expect(versions.map((version) => version.validUntil)).toContain(end.replace('.000Z', '.001Z'));
  });

  test('a filter takes it as well, and cuts nothing off', async () => {
    const journey = await newJourney(visit, door);
    expect(await journey.trail({ to: last })).toHaveLength(1);
    expect(await journey.trail({ from: last })).toEqual([]);
    const [{ at = '' } = {}] = await journey.trail();
    const past = (nanos: number): unknown => {
      const milliseconds = Date.parse(at);
      const seconds = Math.floor(milliseconds / 1000);
      if (name === 'gRPC') return { seconds, nanos: (milliseconds % 1000) * 1_000_000 + nanos };
      return at.replace('Z', `${String(nanos).padStart(6, '0')}Z`);
    };
    expect(await journey.trail({ from: past(0) })).toHaveLength(1);
    expect(await journey.trail({ from: past(1) })).toEqual([]);
    expect(await journey.trail({ to: past(0) })).toEqual([]);
    expect(await journey.trail({ to: past(1) })).toHaveLength(1);
  });
});
