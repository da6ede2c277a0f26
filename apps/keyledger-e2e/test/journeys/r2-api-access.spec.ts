import type { ApiAccess, EnableApiAccessReply, AuthTokenReply } from '@keyledger/contract';
import { journeyAs, newJourney, type Journey } from '../harness/journey.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

const enable = (journey: Journey): Promise<EnableApiAccessReply> =>
  journey.does<EnableApiAccessReply>('ApiAccessService/EnableApiAccess');
const access = (journey: Journey): Promise<ApiAccess> => journey.does<ApiAccess>('ApiAccessService/GetApiAccess');
const allow = (journey: Journey, cidrs: readonly string[]): Promise<unknown> =>
  journey.does('ApiAccessService/SetIpAllowlist', { cidrs });
const token = (journey: Journey, rpc: 'RefreshAuthToken' | 'RevealAuthToken'): Promise<AuthTokenReply> =>
  journey.does<AuthTokenReply>(`ApiAccessService/${rpc}`);

const off = {
  enabled: false,
  credentialId: null,
  authTokenMasked: null,
  ipAllowlist: [],
  enabledAt: null,
  authTokenRefreshedAt: null,
};

describe.each(visit.doors)('R2, account API access, over $name', (door) => {
  test('it is off by default, and nothing but enabling works', async () => {
    const journey = await newJourney(visit, door);
    expect(await access(journey)).toEqual({ ...off, revision: expect.any(Number) as number });
    const refused = [
      ['RefreshAuthToken', {}],
      ['RevealAuthToken', {}],
      ['SetIpAllowlist', { cidrs: ['192.0.2.0/24'] }],
    ] as const;
    for (const [rpc, fields] of refused) {
      expect(await journey.isRefused(`ApiAccessService/${rpc}`, fields)).toMatchObject({ code: 'api-access-disabled' });
    }
    // What is off already is not switched off again.
    await journey.does('ApiAccessService/DisableApiAccess');
    expect((await journey.trail()).map(({ action }) => action)).toEqual(['AccountRegistered']);
  });

  test('enabling issues token and salt, once', async () => {
    const journey = await newJourney(visit, door);
    const { credential, authToken, privateSalt } = await enable(journey);
    expect(authToken).toMatch(/^kat_[0-9A-Za-z]{49}$/);
    expect(privateSalt).toMatch(/^whsec_[0-9A-Za-z+/]{48}$/);
    expect(credential).toMatchObject({ type: 'account_token', status: 'active', name: null, webhookSigner: false });
    const masked = `kat_…${authToken?.slice(-4)}`;
    expect(await access(journey)).toEqual({
      ...off,
      enabled: true,
      credentialId: credential.credentialId,
      authTokenMasked: masked,
      enabledAt: credential.createdAt,
      revision: expect.any(Number) as number,
    });
    expect(await journey.credentials({ type: 'account_token' })).toMatchObject([{ maskedSecret: masked }]);
    expect(await journey.isRefused('ApiAccessService/EnableApiAccess')).toMatchObject({
      code: 'api-access-already-enabled',
    });
  });

  test('refreshing replaces the token at once, and the token alone', async () => {
    const journey = await newJourney(visit, door);
    const { authToken: first, credential } = await enable(journey);
    await allow(journey, ['192.0.2.0/24']);
    const before = await access(journey);
    const refreshed = await token(journey, 'RefreshAuthToken');
    expect(Object.keys(refreshed).sort()).toEqual(['authToken', 'position']);
    expect(refreshed.authToken).toMatch(/^kat_[0-9A-Za-z]{49}$/);
    expect(refreshed.authToken).not.toBe(first);
    const after = await access(journey);
    expect(after).toEqual({
      ...before,
      authTokenMasked: `kat_…${refreshed.authToken?.slice(-4)}`,
      authTokenRefreshedAt: expect.any(String) as string,
      revision: after.revision,
    });
    const { versions } = await journey.credential(credential.credentialId);
    expect(versions.map(({ version, state }) => [version, state])).toEqual([
      [1, 'ended'],
      [2, 'current'],
    ]);
    expect((await token(journey, 'RevealAuthToken')).authToken).toBe(refreshed.authToken);
  });

  test('each reveal shows the same token, needs the right, and is an audit entry', async () => {
    const journey = await newJourney(visit, door);
    const { authToken } = await enable(journey);
    const owner = await journeyAs(visit, journey, 'owner');
    expect((await token(journey, 'RevealAuthToken')).authToken).toBe(authToken);
    expect((await token(owner, 'RevealAuthToken')).authToken).toBe(authToken);
    const manager = await journeyAs(visit, journey, 'key-manager');
    expect(await manager.isRefused('ApiAccessService/RevealAuthToken')).toMatchObject({ code: 'forbidden' });
    const looks = await owner.trail({ action: 'SecretRevealed' });
    expect(looks.map(({ actor }) => actor.id)).toEqual(['local-operator', 'local-owner']);
    expect(JSON.stringify(looks)).not.toContain(authToken);
  });

  test('the allow-list takes networks of both families and nothing else', async () => {
    const journey = await newJourney(visit, door);
    await enable(journey);
    const cidrs = ['192.0.2.0/24', '203.0.113.7/32', '2001:db8::/32'];
    expect(await journey.does('ApiAccessService/SetIpAllowlist', { cidrs })).toMatchObject({ cidrs });
    expect((await access(journey)).ipAllowlist).toEqual(cidrs);
    const bad = ['192.0.2.1', '192.0.2.0/33', '192.0.2.1/24', 'example.com', '2001:db8::/129', '', '10.0.0.0/8 '];
    for (const cidr of bad) {
      const refusal = await journey.isRefused('ApiAccessService/SetIpAllowlist', { cidrs: [cidr] });
      expect({ cidr, ...refusal }).toEqual({ cidr, code: 'invalid-request', fields: ['cidrs'] });
    }
    const tooMany = Array.from({ length: 201 }, (_, n) => `10.0.${n}.0/24`);
    expect(await journey.isRefused('ApiAccessService/SetIpAllowlist', { cidrs: tooMany })).toMatchObject({
      fields: ['cidrs'],
    });
    await allow(journey, tooMany.slice(1));
    await allow(journey, []);
    expect((await access(journey)).ipAllowlist).toEqual([]);
  });

  test('disabling deletes token, salt and allow-list; enabling again gives new ones', async () => {
    const journey = await newJourney(visit, door);
    const first = await enable(journey);
    const { credentialId } = first.credential;
    await allow(journey, ['192.0.2.0/24']);
    await journey.does('ApiAccessService/DisableApiAccess');
    expect(await access(journey)).toEqual({ ...off, revision: expect.any(Number) as number });
    expect(await journey.isRefused('CredentialService/GetCredential', { credentialId })).toMatchObject({
      code: 'not-found',
    });
    expect(await journey.isRefused('ApiAccessService/RevealAuthToken')).toMatchObject({ code: 'api-access-disabled' });
    const second = await enable(journey);
    expect(second.credential.credentialId).not.toBe(credentialId);
    expect(second.authToken).not.toBe(first.authToken);
    expect(second.privateSalt).not.toBe(first.privateSalt);
    expect((await access(journey)).ipAllowlist).toEqual([]);
  });

  test('the token can be suspended; all else about it has routes of its own', async () => {
    const journey = await newJourney(visit, door);
    const { credentialId } = (await enable(journey)).credential;
    await journey.does('CredentialService/SuspendCredential', { credentialId });
    expect(await journey.credential(credentialId)).toMatchObject({ status: 'suspended' });
    await journey.does('CredentialService/ResumeCredential', { credentialId });
    for (const rpc of ['RevokeCredential', 'RotateCredential', 'DeleteCredential']) {
      const refusal = await journey.isRefused(`CredentialService/${rpc}`, { credentialId });
      expect({ rpc, code: refusal.code }).toEqual({ rpc, code: 'not-supported-by-type' });
    }
    expect(await journey.isRefused('CredentialService/CreateCredential', { type: 'account_token' })).toMatchObject({
      code: 'not-supported-by-type',
    });
    expect(await journey.isRefused('CredentialService/SetWebhookSigner', { credentialId })).toMatchObject({
      code: 'may-not-sign',
    });
  });
});
