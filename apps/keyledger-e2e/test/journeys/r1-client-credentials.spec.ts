import type { IssuedCredentialReply } from '@keyledger/contract';
import { journeyAs, newJourney, type Journey } from '../harness/journey.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

const CREATE = 'CredentialService/CreateCredential';

const create = (journey: Journey, fields: object): Promise<IssuedCredentialReply> =>
  journey.does<IssuedCredentialReply>(CREATE, { type: 'client_credentials', ...fields });

describe.each(visit.doors)('R1, named client credentials, over $name', (door) => {
  test.each([
    ['six characters', 'abcdef'],
    ['64 characters', 'x'.repeat(64)],
    ['every kind of character', 'AZ-az_09'],
    ['only signs', '-_-_-_'],
  ])('a name of %s is accepted', async (_, name) => {
    const journey = await newJourney(visit, door);
    const { credential } = await create(journey, { name });
    expect(credential).toMatchObject({ type: 'client_credentials', name, status: 'active', description: null });
  });

  test.each([
    ['five characters', 'abcde'],
    ['65 characters', 'x'.repeat(65)],
    ['a space', 'billing service'],
    ['a dot', 'billing.service'],
    ['a letter beyond ASCII', 'büro-eins'],
    ['a line end', 'abcdef\n'],
    ['nothing', ''],
    ['none', undefined],
  ])('a name of %s is refused', async (_, name) => {
    const journey = await newJourney(visit, door);
    const refusal = await journey.isRefused(CREATE, {
      type: 'client_credentials',
      ...(name !== undefined && { name }),
    });
    expect(refusal).toEqual({ code: 'invalid-request', fields: ['name'] });
    expect(await journey.credentials()).toEqual([]);
  });

  test('a name is unique in its account and type, to the letter, until its holder is deleted', async () => {
    const [journey, other] = [await newJourney(visit, door), await newJourney(visit, door)];
    const name = 'billing-service';
    const { credential } = await create(journey, { name });
    const { credentialId } = credential;
    const again = (): Promise<unknown> => journey.isRefused(CREATE, { type: 'client_credentials', name });
    expect(await again()).toMatchObject({ code: 'name-taken' });
    await create(journey, { name: 'Billing-Service' });
    await create(other, { name });
    await journey.does(CREATE, { type: 'api_secret', name });
    await journey.does('CredentialService/RevokeCredential', { credentialId });
    expect(await again()).toMatchObject({ code: 'name-taken' });
    await journey.does('CredentialService/DeleteCredential', { credentialId });
    expect((await create(journey, { name })).credential.credentialId).not.toBe(credentialId);
  });

  test('the secret is shown once; listings show the client id and a mask', async () => {
    const journey = await newJourney(visit, door);
    const { credential, secret } = await create(journey, { name: 'billing-service', description: 'For invoices' });
    const { credentialId } = credential;
    expect(Object.keys(secret).sort()).toEqual(['clientId', 'clientSecret']);
    expect(secret['clientId']).toMatch(/^kci_[0-9A-Za-z]{22}$/);
    expect(secret['clientSecret']).toMatch(/^kcs_[0-9A-Za-z]{49}$/);
    await journey.does('CredentialService/AcknowledgeSecret', { credentialId });
    const seen = await journey.credential(credentialId);
    expect(seen).toMatchObject({
      ...credential,
      revision: seen.revision,
      publicPart: secret['clientId'],
      maskedSecret: `kcs_…${secret['clientSecret']?.slice(-4)}`,
      description: 'For invoices',
      mode: null,
      webhookSigner: false,
      versions: [{ version: 1, state: 'current', createdAt: credential.createdAt, validUntil: null, lastUsedAt: null }],
    });
    expect(await journey.credentials()).toEqual([seen]);
    expect(JSON.stringify([seen, await journey.trail()])).not.toContain(secret['clientSecret']);
  });

  test('what is suspended comes back, what is revoked does not', async () => {
    const journey = await newJourney(visit, door);
    const { credentialId } = (await create(journey, { name: 'billing-service' })).credential;
    const steps = [
      ['SuspendCredential', 'suspended'],
      ['SuspendCredential', 'suspended'],
      ['ResumeCredential', 'active'],
      ['ResumeCredential', 'active'],
      ['RevokeCredential', 'revoked'],
      ['RevokeCredential', 'revoked'],
    ] as const;
    for (const [rpc, status] of steps) {
      expect(await journey.does(`CredentialService/${rpc}`, { credentialId })).toMatchObject({
        credential: { status },
      });
      expect((await journey.credential(credentialId)).status).toBe(status);
    }
    for (const rpc of ['SuspendCredential', 'ResumeCredential', 'RotateCredential']) {
      expect(await journey.isRefused(`CredentialService/${rpc}`, { credentialId })).toMatchObject({
        code: 'credential-revoked',
      });
    }
    // A repeat of what is true already leaves no trace.
    expect((await journey.trail({ credentialId })).map(({ action }) => action)).toEqual([
      'CredentialCreated',
      'CredentialSuspended',
      'CredentialResumed',
      'CredentialRevoked',
    ]);
  });

  test('deletion is told of before, final, and kept in the audit trail', async () => {
    const journey = await journeyAs(visit, await newJourney(visit, door), 'owner');
    const { credentialId } = (await create(journey, { name: 'billing-service' })).credential;
    const removal = await journey.does('CredentialService/GetRemoval', { credentialId });
    expect(removal).toMatchObject({ phrase: null, expiresAt: null });
    expect((removal['consequences'] as string[]).length).toBeGreaterThan(0);
    await journey.does('CredentialService/DeleteCredential', { credentialId });
    expect(await journey.credentials()).toEqual([]);
    for (const rpc of ['GetCredential', 'GetRemoval', 'DeleteCredential', 'ResumeCredential', 'RotateCredential']) {
      expect(await journey.isRefused(`CredentialService/${rpc}`, { credentialId })).toMatchObject({
        code: 'not-found',
      });
    }
    const trail = await journey.trail({ credentialId });
    expect(trail.map(({ action }) => action)).toEqual(['CredentialCreated', 'CredentialDeleted']);
    expect(trail.map(({ actor }) => actor)).toEqual(
      Array(2).fill({ type: 'user', id: 'local-owner', issuer: 'urn:keyledger:local' }),
    );
  });

  test.each([
    ['a mode', { mode: 'live' }, 'mode'],
    ['an environment', { environment: 'staging' }, 'environment'],
    ['an application', { applicationId: 'app_018f3c5e-7e9a-7cc1-8a55-2f0d7f1f4a10' }, 'applicationId'],
    ['an expiry in the past', { expiresAt: '2020-01-01T00:00:00.000Z' }, 'expiresAt'],
    ['a description of 1,001 characters', { description: 'x'.repeat(1001) }, 'description'],
    ['51 scopes', { scopes: Array.from({ length: 51 }, (__, n) => `scope${n}`) }, 'scopes'],
    ['a scope of 65 characters', { scopes: ['x'.repeat(65)] }, 'scopes'],
  ])('%s is refused', async (_, fields, field) => {
    const journey = await newJourney(visit, door);
    const refusal = await journey.isRefused(CREATE, { type: 'client_credentials', name: 'billing-service', ...fields });
    expect(refusal).toEqual({ code: 'invalid-request', fields: [field] });
  });

  test('description, scopes and expiry may change later, the name may not', async () => {
    const journey = await newJourney(visit, door);
    const { credentialId } = (await create(journey, { name: 'billing-service', scopes: ['read'] })).credential;
    const change = (fields: object): Promise<unknown> =>
      journey.does('CredentialService/UpdateCredential', { credentialId, ...fields });
    const expiresAt = '2100-01-01T00:00:00.000Z';
    await change({ description: 'First', scopes: ['read', 'write'], expiresAt });
    expect(await journey.credential(credentialId)).toMatchObject({
      description: 'First',
      scopes: ['read', 'write'],
      expiresAt,
    });
    await change({ description: null, expiresAt: null, scopes: [] });
    expect(await journey.credential(credentialId)).toMatchObject({ description: null, scopes: [], expiresAt: null });
  });

  test('an unknown type is refused', async () => {
    const journey = await newJourney(visit, door);
    expect(await journey.isRefused(CREATE, { type: 'passport', name: 'billing-service' })).toMatchObject({
      code: 'unknown-credential-type',
    });
  });
});
