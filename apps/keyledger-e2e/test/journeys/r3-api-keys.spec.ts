import type { IssuedCredentialReply } from '@keyledger/contract';
import { journeyAs, newJourney, type Journey } from '../harness/journey.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

const CREATE = 'CredentialService/CreateCredential';

const create = (journey: Journey, fields: object): Promise<IssuedCredentialReply> =>
  journey.does<IssuedCredentialReply>(CREATE, { type: 'api_key', ...fields });

const setPlan = (journey: Journey, tier: string, paymentMethodOnFile: boolean): Promise<unknown> =>
  journey.does('AccountService/SetPlan', { tier, paymentMethodOnFile });

describe.each(visit.doors)('R3, test and live keys, over $name', (door) => {
  test('a test key needs no plan; the key says its mode', async () => {
    const journey = await newJourney(visit, door);
    const { credential, secret } = await create(journey, { mode: 'test', description: 'Für die CI: 100 % frei' });
    expect(Object.keys(secret)).toEqual(['key']);
    expect(secret['key']).toMatch(/^key_test_[0-9A-Za-z]{49}$/);
    const masked = `key_test_…${secret['key']?.slice(-4)}`;
    expect(await journey.credential(credential.credentialId)).toMatchObject({
      mode: 'test',
      name: null,
      description: 'Für die CI: 100 % frei',
      publicPart: masked,
      maskedSecret: masked,
    });
  });

  test.each([
    ['free', false],
    ['free', true],
    ['paid', false],
  ])('a live key is refused on the plan %s with payment method %s', async (tier, paymentMethodOnFile) => {
    const journey = await newJourney(visit, door);
    await setPlan(journey, tier, paymentMethodOnFile);
    const refusal = await journey.isRefused(CREATE, { type: 'api_key', mode: 'live' });
    expect(refusal).toMatchObject({ code: 'plan-does-not-allow' });
    expect(await journey.credentials()).toEqual([]);
  });

  test('a downgrade leaves live keys alone and allows no new ones', async () => {
    const journey = await newJourney(visit, door);
    await setPlan(journey, 'paid', true);
    const { credential, secret } = await create(journey, { mode: 'live' });
    expect(secret['key']).toMatch(/^key_live_[0-9A-Za-z]{49}$/);
    await setPlan(journey, 'free', false);
    const { credentialId } = credential;
    expect(await journey.credential(credentialId)).toMatchObject({ mode: 'live', status: 'active' });
    expect(await journey.isRefused(CREATE, { type: 'api_key', mode: 'live' })).toMatchObject({
      code: 'plan-does-not-allow',
    });
    // An existing key may still be rotated: that creates no further live key.
    const rotated = await journey.does<IssuedCredentialReply>('CredentialService/RotateCredential', { credentialId });
    expect(rotated.secret['key']).toMatch(/^key_live_/);
  });

  test.each([
    ['no mode', {}, 'mode'],
    ['an unknown mode', { mode: 'prod' }, 'mode'],
    ['an environment', { mode: 'test', environment: 'staging' }, 'environment'],
    ['an application', { mode: 'test', applicationId: 'app_018f3c5e-7e9a-7cc1-8a55-2f0d7f1f4a10' }, 'applicationId'],
  ])('%s is refused', async (_, fields, field) => {
    const journey = await newJourney(visit, door);
    expect(await journey.isRefused(CREATE, { type: 'api_key', ...fields })).toEqual({
      code: 'invalid-request',
      fields: [field],
    });
  });

  test('the mode filters the list', async () => {
    const journey = await newJourney(visit, door);
    await setPlan(journey, 'paid', true);
    const test = (await create(journey, { mode: 'test' })).credential.credentialId;
    const live = (await create(journey, { mode: 'live' })).credential.credentialId;
    const listed = async (filter: object): Promise<readonly string[]> =>
      (await journey.credentials({ ...filter })).map(({ credentialId }) => credentialId);
    expect(await listed({ mode: 'test' })).toEqual([test]);
    expect(await listed({ mode: 'live', status: 'active', type: 'api_key' })).toEqual([live]);
    expect(await listed({})).toEqual([live, test]);
    expect(await listed({ mode: 'live', status: 'revoked' })).toEqual([]);
  });

  test('only a revoked key can be deleted', async () => {
    const journey = await newJourney(visit, door);
    const { credentialId } = (await create(journey, { mode: 'test' })).credential;
    const remove = 'CredentialService/DeleteCredential';
    expect(await journey.isRefused(remove, { credentialId })).toMatchObject({ code: 'credential-still-valid' });
    await journey.does('CredentialService/RevokeCredential', { credentialId, reason: 'leaked' });
    expect(await journey.credentials({ status: 'revoked' })).toMatchObject([{ credentialId, status: 'revoked' }]);
    const [revoked] = await journey.trail({ action: 'CredentialRevoked' });
    expect(revoked?.changes).toContainEqual(expect.objectContaining({ field: 'reason', to: 'leaked' }));
    await journey.does(remove, { credentialId });
    expect(await journey.credentials()).toEqual([]);
  });

  test('managing keys needs the permission', async () => {
    const journey = await newJourney(visit, door);
    const manager = await journeyAs(visit, journey, 'key-manager');
    const { credentialId } = (await create(manager, { mode: 'test' })).credential;
    const viewer = await journeyAs(visit, manager, 'viewer');
    expect((await viewer.credential(credentialId)).status).toBe('active');
    expect(await viewer.isRefused(CREATE, { type: 'api_key', mode: 'test' })).toMatchObject({ code: 'forbidden' });
    expect(await viewer.isRefused('CredentialService/RevokeCredential', { credentialId })).toMatchObject({
      code: 'forbidden',
    });
    // The plan is not theirs to change.
    const plan = { tier: 'paid', paymentMethodOnFile: true };
    expect(await manager.isRefused('AccountService/SetPlan', plan)).toMatchObject({ code: 'forbidden' });
    expect((await viewer.credential(credentialId)).status).toBe('active');
  });
});
