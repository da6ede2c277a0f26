import type { Credential, CredentialReply, IssuedCredentialReply, Removal } from '@keyledger/contract';
import { journeyAs, newJourney, type Journey } from '../harness/journey.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

const CREATE = 'CredentialService/CreateCredential';
const DELETE = 'CredentialService/DeleteCredential';
const SIGN = 'CredentialService/SetWebhookSigner';

const create = (journey: Journey, fields: object = {}): Promise<IssuedCredentialReply> =>
  journey.does<IssuedCredentialReply>(CREATE, { type: 'api_secret', ...fields });

const createSome = async (journey: Journey, count: number): Promise<readonly string[]> => {
  const ids: string[] = [];
  while (ids.length < count) ids.push((await create(journey)).credential.credentialId);
  return ids;
};

const signers = async (journey: Journey): Promise<readonly string[]> =>
  (await journey.credentials()).filter(({ webhookSigner }) => webhookSigner).map(({ credentialId }) => credentialId);

const removal = (journey: Journey, credentialId: string): Promise<Removal> =>
  journey.does<Removal>('CredentialService/GetRemoval', { credentialId });

const phraseOf = async (journey: Journey, credentialId: string): Promise<string> =>
  (await removal(journey, credentialId)).phrase ?? '';

describe.each(visit.doors)('R5, API secrets and webhooks, over $name', (door) => {
  test('a secret is a Standard Webhooks secret, masked in the list', async () => {
    const journey = await newJourney(visit, door);
    const { credential, secret } = await create(journey);
    expect(Object.keys(secret)).toEqual(['secret']);
    expect(secret['secret']).toMatch(/^whsec_[0-9A-Za-z+/]{48}$/);
    const masked = `whsec_…${secret['secret']?.slice(-4)}`;
    const listed = await journey.credentials({ type: 'api_secret' });
    expect(listed).toEqual([credential]);
    expect(credential).toMatchObject({ publicPart: masked, maskedSecret: masked, lastUsedAt: null });
  });

  test('at most three, revoked ones included, until one is deleted', async () => {
    const journey = await newJourney(visit, door);
    const [, second = '', third = ''] = await createSome(journey, 3);
    const fourth = (): Promise<unknown> => journey.isRefused(CREATE, { type: 'api_secret' });
    expect(await fourth()).toMatchObject({ code: 'limit-reached' });
    await journey.does('CredentialService/RevokeCredential', { credentialId: third });
    expect(await fourth()).toMatchObject({ code: 'limit-reached' });
    // Rotation counts as one.
    await journey.does('CredentialService/RotateCredential', { credentialId: second, overlapSeconds: 600 });
    await journey.does(DELETE, { credentialId: third, confirmation: await phraseOf(journey, third) });
    await create(journey);
    expect(await fourth()).toMatchObject({ code: 'limit-reached' });
    expect(await journey.credentials()).toHaveLength(3);
  });

  test('the first becomes the signer by itself, and the role can be moved', async () => {
    const journey = await newJourney(visit, door);
    const [first = '', second = ''] = await createSome(journey, 2);
    expect(await signers(journey)).toEqual([first]);
    expect(await journey.does(SIGN, { credentialId: second })).toMatchObject({
      credential: { credentialId: second, webhookSigner: true },
    });
    expect(await signers(journey)).toEqual([second]);
    await journey.does(SIGN, { credentialId: second });
    const moves = await journey.trail({ action: 'WebhookSecretAssigned' });
    expect(moves.map(({ credentialId }) => credentialId)).toEqual([first, second]);
  });

  test('a secret with an expiry does not become the signer; the next one without does', async () => {
    const journey = await newJourney(visit, door);
    const { credential } = await create(journey, { expiresAt: '2100-01-01T00:00:00Z' });
    expect(await signers(journey)).toEqual([]);
    const { credentialId } = credential;
    expect(await journey.isRefused(SIGN, { credentialId })).toMatchObject({ code: 'may-not-sign' });
    const [next = ''] = await createSome(journey, 1);
    expect(await signers(journey)).toEqual([next]);
  });

  test('what is suspended, of another type, or not there cannot sign', async () => {
    const journey = await newJourney(visit, door);
    const [, second = ''] = await createSome(journey, 2);
    await journey.does('CredentialService/SuspendCredential', { credentialId: second });
    expect(await journey.isRefused(SIGN, { credentialId: second })).toMatchObject({ code: 'may-not-sign' });
    const pair = { type: 'client_credentials', name: 'billing-service' };
    const { credentialId } = (await journey.does<{ credential: Credential }>(CREATE, pair)).credential;
    expect(await journey.isRefused(SIGN, { credentialId })).toMatchObject({ code: 'may-not-sign' });
    const absent = 'cred_018f3c5e-7e9a-7cc1-8a55-2f0d7f1f4a10';
    expect(await journey.isRefused(SIGN, { credentialId: absent })).toMatchObject({ code: 'not-found' });
    expect(await journey.isRefused(SIGN, { credentialId: 'second' })).toMatchObject({ code: 'invalid-request' });
  });

  test('the signer is protected from all that would end it, before any phrase is looked at', async () => {
    const journey = await newJourney(visit, door);
    const [signer = ''] = await createSome(journey, 2);
    const attempts = [
      ['DeleteCredential', {}],
      ['DeleteCredential', { confirmation: 'wrong words' }],
      ['RevokeCredential', {}],
      ['SuspendCredential', {}],
      ['UpdateCredential', { expiresAt: '2100-01-01T00:00:00.000Z' }],
    ] as const;
    for (const [rpc, fields] of attempts) {
      const { code } = await journey.isRefused(`CredentialService/${rpc}`, { credentialId: signer, ...fields });
      expect({ rpc, code }).toEqual({ rpc, code: 'webhook-signer-in-use' });
    }
    // It may be described and rotated, which ends nothing.
    await journey.does('CredentialService/UpdateCredential', { credentialId: signer, description: 'Signs' });
    await journey.does('CredentialService/RotateCredential', { credentialId: signer, overlapSeconds: 60 });
    expect(await signers(journey)).toEqual([signer]);
  });

  test('the last signer cannot be deleted, and the former one can', async () => {
    const journey = await newJourney(visit, door);
    const [first = '', second = ''] = await createSome(journey, 2);
    await journey.does(SIGN, { credentialId: second });
    await journey.does(DELETE, { credentialId: first, confirmation: await phraseOf(journey, first) });
    expect(await journey.isRefused(DELETE, { credentialId: second })).toMatchObject({ code: 'webhook-signer-in-use' });
    expect(await signers(journey)).toEqual([second]);
  });

  test('deletion needs the supplied phrase', async () => {
    const journey = await newJourney(visit, door);
    const [, credentialId = '', other = ''] = await createSome(journey, 3);
    const before = Date.now();
    const { phrase, expiresAt, consequences } = await removal(journey, credentialId);
    expect(phrase).toMatch(/^[a-z]+([ -][a-z]+)+$/);
    expect(Date.parse(expiresAt ?? '')).toBeGreaterThan(before);
    expect(consequences.length).toBeGreaterThan(0);
    const wrong = [undefined, '', 'wrong', phrase?.toUpperCase(), ` ${phrase}`, await phraseOf(journey, other)];
    for (const confirmation of wrong) {
      const fields = { credentialId, ...(confirmation !== undefined && { confirmation }) };
      // Whether it is no phrase at all or the wrong one, it is the confirmation that is at fault.
      const refusal = await journey.isRefused(DELETE, fields);
      expect({ confirmation, fields: refusal.fields }).toEqual({ confirmation, fields: ['confirmation'] });
    }
    expect(await journey.isRefused(DELETE, { credentialId, confirmation: 'wrong' })).toMatchObject({
      code: 'confirmation-mismatch',
    });
    await journey.does(DELETE, { credentialId, confirmation: phrase });
    expect(await journey.isRefused('CredentialService/GetCredential', { credentialId })).toMatchObject({
      code: 'not-found',
    });
  });

  test('removal promises only what deletion would do', async () => {
    const journey = await newJourney(visit, door);
    const [signer = ''] = await createSome(journey, 1);
    const active = await journey.does<CredentialReply>(CREATE, { type: 'api_key', mode: 'test' });
    const { credentialId } = active.credential;
    const access = await journey.does<CredentialReply>('ApiAccessService/EnableApiAccess');
    const refused = [
      [signer, 'webhook-signer-in-use'],
      [credentialId, 'credential-still-valid'],
      [access.credential.credentialId, 'not-supported-by-type'],
    ] as const;
    for (const [id, code] of refused) {
      expect(await journey.isRefused('CredentialService/GetRemoval', { credentialId: id })).toMatchObject({ code });
      expect(await journey.isRefused(DELETE, { credentialId: id })).toMatchObject({ code });
    }
    await journey.does('CredentialService/RevokeCredential', { credentialId });
    expect(await removal(journey, credentialId)).toMatchObject({ phrase: null });
    await journey.does(DELETE, { credentialId });
  });

  test('the phrase belongs to the credential as it was seen', async () => {
    const journey = await newJourney(visit, door);
    const [, credentialId = ''] = await createSome(journey, 2);
    const confirmation = await phraseOf(journey, credentialId);
    await journey.does('CredentialService/UpdateCredential', { credentialId, description: 'Changed since' });
    expect(await journey.isRefused(DELETE, { credentialId, confirmation })).toMatchObject({
      code: 'confirmation-mismatch',
    });
    const viewer = await journeyAs(visit, journey, 'viewer');
    expect(await viewer.isRefused('CredentialService/GetRemoval', { credentialId })).toMatchObject({
      code: 'forbidden',
    });
  });
});

test('over HTTP the phrase may stand in the query instead of the body', async () => {
  const [http] = visit.doors;
  const journey = await newJourney(visit, http);
  const [, credentialId = ''] = await createSome(journey, 2);
  const token = await visit.token();
  const path = `/v1/accounts/${journey.accountId}/credentials/${credentialId}`;
  const wrong = await visit.http.delete(`${path}?confirmation=wrong`, undefined, { token });
  expect({ status: wrong.status, code: wrong.body['code'] }).toEqual({ status: 422, code: 'confirmation-mismatch' });
  const confirmation = encodeURIComponent(await phraseOf(journey, credentialId));
  const right = await visit.http.delete(`${path}?confirmation=${confirmation}`, undefined, { token });
  expect(right.status).toBe(200);
  expect(Object.keys(right.body)).toEqual(['position']);
});
