import { randomUUID } from 'node:crypto';
import type { AuditItem, IssuedCredentialReply, RegisterApplicationReply } from '@keyledger/contract';
import type { Json } from '../harness/http-client.js';
import { newJourney, type Journey } from '../harness/journey.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

const [http, grpc] = visit.doors;
const newKey = (): string => `key-${randomUUID()}`;

const CREATE = 'CredentialService/CreateCredential';
const ROTATE = 'CredentialService/RotateCredential';
const REGISTER = 'AccountService/RegisterAccount';
const REGISTER_APPLICATION = 'ApplicationService/RegisterApplication';

/** A request that creates a secret, on an account that is made ready for it. */
interface Request {
  readonly rpc: string;
  readonly fields: Json;
  /** Where the secret stands in the reply. */
  readonly secretOf: (body: Json) => unknown;
}

const namedSecret = (body: Json): unknown => (body['secret'] as Json | undefined)?.['clientSecret'];

const createPair = async (): Promise<Request> => ({
  rpc: CREATE,
  fields: { type: 'client_credentials', name: 'billing-service', description: 'x', scopes: ['read'] },
  secretOf: namedSecret,
});

const registerApplication = async (): Promise<Request> => ({
  rpc: 'ApplicationService/RegisterApplication',
  fields: { title: 'Portal', endpointIds: [], generateKeys: { environment: 'staging' } },
  secretOf: (body) => (body['secret'] as Json | undefined)?.['secretKey'],
});

const enable = async (): Promise<Request> => ({
  rpc: 'ApiAccessService/EnableApiAccess',
  fields: {},
  secretOf: (body) => body['authToken'],
});

const refresh = async (journey: Journey): Promise<Request> => {
  await journey.does('ApiAccessService/EnableApiAccess');
  return { ...(await enable()), rpc: 'ApiAccessService/RefreshAuthToken' };
};

const rotate = async (journey: Journey): Promise<Request> => {
  const { rpc, fields } = await createPair();
  const { credential } = await journey.does<IssuedCredentialReply>(rpc, fields);
  const { credentialId } = credential;
  const rotation = { credentialId, overlapSeconds: 60 };
  return { rpc: 'CredentialService/RotateCredential', fields: rotation, secretOf: namedSecret };
};

const requests: readonly (readonly [string, (journey: Journey) => Promise<Request>])[] = [
  ['creating a credential', createPair],
  ['registering an application with keys', registerApplication],
  ['enabling API access', enable],
  ['refreshing the token', refresh],
  ['rotating', rotate],
];

describe.each(requests)('%s with an Idempotency-Key', (_, prepare) => {
  test.each([
    [http, http],
    [http, grpc],
    [grpc, http],
    [grpc, grpc],
  ])('is repeated with the same answer and secret ($name first)', async (first, second) => {
    const journey = await newJourney(visit, first);
    const { rpc, fields, secretOf } = await prepare(journey);
    const idempotencyKey = newKey();
    const answer = await journey.does(rpc, fields, { idempotencyKey });
    expect(secretOf(answer)).toMatch(/^(kcs|kpk|kat)_[0-9A-Za-z]{49}$/);
    const again = journey.through(second);
    for (let times = 0; times < 2; times += 1) {
      const { body, replayed } = await again.tries(rpc, fields, { idempotencyKey });
      expect({ body, replayed }).toEqual({ body: answer, replayed: true });
    }
  });

  test('happens once, however many twins come at the same time', async () => {
    const journey = await newJourney(visit, http);
    const { rpc, fields } = await prepare(journey);
    const history = (): Promise<readonly AuditItem[]> => journey.trail();
    const before = (await history()).length;
    const idempotencyKey = newKey();
    const other = journey.through(grpc);
    const twins = Array.from({ length: 12 }, (__, n) => (n % 2 === 0 ? journey : other));
    const answers = await Promise.all(twins.map((twin) => twin.does(rpc, fields, { idempotencyKey })));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    const added = (await history()).slice(before);
    // Whatever the request led to came from one of the twins alone.
    expect(new Set(added.map(({ correlationId }) => correlationId)).size).toBe(1);
    expect(new Set(added.map(({ action }) => action)).size).toBe(added.length);
  });

  test('once acknowledged shows no secret again', async () => {
    for (const door of visit.doors) {
      const journey = await newJourney(visit, door);
      const { rpc, fields, secretOf } = await prepare(journey);
      const idempotencyKey = newKey();
      const { body: answer, replayed } = await journey.tries(rpc, fields, { idempotencyKey });
      expect(replayed).toBe(false);
      const [newest] = await journey.credentials();
      const { credentialId = '' } = newest ?? {};
      await journey.does('CredentialService/AcknowledgeSecret', { credentialId });
      const repeated = await journey.does(rpc, fields, { idempotencyKey });
      expect(repeated['secretUnavailable']).toBe('acknowledged');
      expect(secretOf(repeated) ?? null).toBeNull();
      expect(JSON.stringify(repeated)).not.toContain(secretOf(answer));
      expect(repeated['position']).toBe(answer['position']);
      if ('credential' in answer) expect(repeated['credential']).toEqual(await journey.credential(credentialId));
    }
  });
});

test('over HTTP a secret that is not shown again is null, and the status is that of the first answer', async () => {
  const journey = await newJourney(visit, http);
  const options = { token: await visit.token(), headers: { 'idempotency-key': newKey() } };
  const path = `/v1/accounts/${journey.accountId}/api-access`;
  const first = await visit.http.post<Json>(path, undefined, options);
  expect([first.status, (await visit.http.post(path, undefined, options)).status]).toEqual([201, 201]);
  const { credentialId } = first.body['credential'] as { credentialId: string };
  await journey.does('CredentialService/AcknowledgeSecret', { credentialId });
  const late = await visit.http.post<Json>(path, undefined, options);
  const { position } = first.body;
  const credential = await journey.credential(credentialId);
  const hidden = { authToken: null, privateSalt: null, secretUnavailable: 'acknowledged' };
  expect({ status: late.status, body: late.body }).toEqual({ status: 201, body: { credential, position, ...hidden } });
});

describe.each(visit.doors)('an Idempotency-Key over $name', (door) => {
  const pair = { type: 'client_credentials', name: 'billing-service' };

  test.each([
    ['another name', { ...pair, name: 'other-service' }],
    ['one field more', { ...pair, description: 'x' }],
    ['another type', { type: 'api_secret', name: 'billing-service' }],
  ])('with %s is refused, and the first request can still be repeated', async (_, other) => {
    const journey = await newJourney(visit, door);
    const idempotencyKey = newKey();
    const answer = await journey.does(CREATE, pair, { idempotencyKey });
    expect(await journey.isRefused(CREATE, other, { idempotencyKey })).toMatchObject({
      code: 'idempotency-key-reused',
    });
    expect(await journey.does(CREATE, pair, { idempotencyKey })).toEqual(answer);
    expect(await journey.credentials()).toHaveLength(1);
  });

  test('belongs to its caller, account and route', async () => {
    const [journey, other] = [await newJourney(visit, door), await newJourney(visit, door)];
    const options = { idempotencyKey: newKey() };
    const somebodyElse = journey.as(await visit.token({ roles: ['operator'], subject: 'somebody-else' }));
    const secret = { type: 'api_secret' };
    const ids = new Set<string>();
    for (const caller of [journey, somebodyElse, other]) {
      ids.add((await caller.does<IssuedCredentialReply>(CREATE, secret, options)).credential.credentialId);
    }
    expect(ids.size).toBe(3);
    const [credentialId] = ids;
    await journey.does('CredentialService/RotateCredential', { credentialId, overlapSeconds: 0 }, options);
    expect(await journey.credentials()).toHaveLength(2);
  });

  test('of a refused request may be used again: it is decided anew', async () => {
    const journey = await newJourney(visit, door);
    const live = { type: 'api_key', mode: 'live' };
    const options = { idempotencyKey: newKey() };
    const refused = (): Promise<unknown> => journey.isRefused(CREATE, live, options);
    expect(await refused()).toMatchObject({ code: 'plan-does-not-allow' });
    expect(await refused()).toMatchObject({ code: 'plan-does-not-allow' });
    await journey.does('AccountService/SetPlan', { tier: 'paid', paymentMethodOnFile: true });
    const answer = await journey.does(CREATE, live, options);
    expect(await journey.does(CREATE, live, options)).toEqual(answer);
    expect(await journey.credentials()).toHaveLength(1);
  });

  test('answers with what has become of it since, and with its secret while that is valid', async () => {
    const journey = await newJourney(visit, door);
    const options = { idempotencyKey: newKey() };
    const answer = await journey.does<IssuedCredentialReply>(CREATE, pair, options);
    const { credentialId } = answer.credential;
    await journey.does('CredentialService/UpdateCredential', { credentialId, description: 'Changed' });
    await journey.does('CredentialService/SuspendCredential', { credentialId });
    await journey.does('AccountService/SuspendAccount');
    const credential = await journey.credential(credentialId);
    expect(credential).toMatchObject({ status: 'suspended', description: 'Changed' });
    expect(await journey.does(CREATE, pair, options)).toEqual({ ...answer, credential });
  });

  test('shows no secret that is not valid any more', async () => {
    const journey = await newJourney(visit, door);
    const [created, rotated] = [{ idempotencyKey: newKey() }, { idempotencyKey: newKey() }];
    const answer = await journey.does<IssuedCredentialReply>(CREATE, pair, created);
    const { credentialId } = answer.credential;
    const rotation = { credentialId, overlapSeconds: 600 };
    await journey.does(ROTATE, rotation, rotated);
    expect((await journey.does<IssuedCredentialReply>(CREATE, pair, created)).secret).toEqual(answer.secret);
    await journey.does('CredentialService/CancelRotation', { credentialId });
    const cancelled = await journey.does<IssuedCredentialReply>(ROTATE, rotation, rotated);
    expect(cancelled.secretUnavailable).toBe('ended');
    expect(cancelled.secret['clientSecret'] ?? null).toBeNull();
    expect((await journey.does<IssuedCredentialReply>(CREATE, pair, created)).secret).toEqual(answer.secret);
    await journey.does('CredentialService/RevokeCredential', { credentialId });
    const revoked = await journey.does<IssuedCredentialReply>(CREATE, pair, created);
    expect(revoked).toMatchObject({ secretUnavailable: 'ended', credential: { status: 'revoked' } });
    expect(JSON.stringify(revoked)).not.toContain(answer.secret['clientSecret']);
  });

  test('registers one account, with an external id and without', async () => {
    const journey = await newJourney(visit, door);
    for (const externalId of [undefined, `ext-${newKey()}`]) {
      const options = { idempotencyKey: newKey() };
      const fields = { name: 'Acme', ...(externalId && { externalId }) };
      const twins = await Promise.all(Array.from({ length: 6 }, () => journey.does(REGISTER, fields, options)));
      for (const twin of twins) expect(twin).toEqual(twins[0]);
      const { accountId } = twins[0]?.['account'] as { accountId: string };
      await journey.does('AccountService/UpdateAccount', { accountId, name: 'Acme Ltd' });
      const { body, replayed } = await journey.tries(REGISTER, fields, options);
      expect({ replayed, body }).toMatchObject({ replayed: true, body: { account: { accountId, name: 'Acme Ltd' } } });
      expect(body['position']).toBe(twins[0]?.['position']);
    }
    const other = { name: 'Acme', externalId: `ext-${newKey()}` };
    await journey.does(REGISTER, other, { idempotencyKey: newKey() });
    expect(await journey.isRefused(REGISTER, other, { idempotencyKey: newKey() })).toMatchObject({
      code: 'external-id-taken',
    });
  });

  test('never does again what has been undone since', async () => {
    const journey = await newJourney(visit, door);
    const options = { idempotencyKey: newKey() };
    const answer = await journey.does<IssuedCredentialReply>(CREATE, pair, options);
    await journey.does('CredentialService/DeleteCredential', { credentialId: answer.credential.credentialId });
    await journey.does('ApiAccessService/EnableApiAccess', {}, options);
    await journey.does('ApiAccessService/RefreshAuthToken', {}, options);
    await journey.does('ApiAccessService/DisableApiAccess');
    const application = { title: 'Portal', endpointIds: [] };
    const registered = await journey.does<RegisterApplicationReply>(REGISTER_APPLICATION, application, options);
    const { applicationId } = registered.application;
    await journey.does('ApplicationService/DeleteApplication', { applicationId });
    const gone = { code: 'not-found', fields: [] };
    expect(await journey.isRefused(CREATE, pair, options)).toEqual(gone);
    expect(await journey.isRefused('ApiAccessService/EnableApiAccess', {}, options)).toEqual(gone);
    expect(await journey.isRefused('ApiAccessService/RefreshAuthToken', {}, options)).toEqual(gone);
    expect(await journey.isRefused(REGISTER_APPLICATION, application, options)).toEqual(gone);
    expect(await journey.credentials()).toEqual([]);
    expect(await journey.does('ApiAccessService/GetApiAccess')).toMatchObject({ enabled: false });
    await journey.does('ApiAccessService/EnableApiAccess');
    expect(await journey.isRefused('ApiAccessService/RefreshAuthToken', {}, options)).toEqual(gone);
  });

  test('goes with a revision: the repeat is not measured against what the request itself changed', async () => {
    const journey = await newJourney(visit, door);
    const { credential } = await journey.does<IssuedCredentialReply>(CREATE, pair);
    const { credentialId, revision } = credential;
    const options = { idempotencyKey: newKey(), revision };
    const answer = await journey.does('CredentialService/RotateCredential', { credentialId }, options);
    expect(await journey.does('CredentialService/RotateCredential', { credentialId }, options)).toEqual(answer);
  });

  test('has 16 to 255 visible ASCII characters', async () => {
    const journey = await newJourney(visit, door);
    for (const idempotencyKey of ['x'.repeat(15), 'x'.repeat(256), 'with a space inside']) {
      const refusal = await journey.isRefused(CREATE, pair, { idempotencyKey });
      expect(refusal.code).toBe('invalid-request');
      expect(refusal.fields.map((field) => field.toLowerCase())).toEqual(['idempotency-key']);
    }
    expect(await journey.credentials()).toEqual([]);
    for (const idempotencyKey of ['!'.repeat(16), '~'.repeat(255)]) {
      await journey.does(CREATE, { type: 'api_key', mode: 'test' }, { idempotencyKey });
    }
  });

  test('does not stop a reveal from being an audit entry each time', async () => {
    const journey = await newJourney(visit, door);
    await journey.does('ApiAccessService/EnableApiAccess');
    const options = { idempotencyKey: newKey() };
    await journey.does('ApiAccessService/RevealAuthToken', {}, options);
    await journey.does('ApiAccessService/RevealAuthToken', {}, options);
    expect(await journey.trail({ action: 'SecretRevealed' })).toHaveLength(2);
  });

  test('is what makes the difference: without one, each request creates', async () => {
    const journey = await newJourney(visit, door);
    await journey.does(CREATE, { type: 'api_secret' });
    await journey.does(CREATE, { type: 'api_secret' });
    expect(await journey.credentials()).toHaveLength(2);
  });
});

test.each(visit.doors)('a registration whose key pair is deleted since shows what is left over $name', async (door) => {
  const journey = await newJourney(visit, door);
  const { rpc, fields } = await registerApplication();
  const idempotencyKey = newKey();
  const first = await journey.does<RegisterApplicationReply>(rpc, fields, { idempotencyKey });
  const { credentialId } = first.credential ?? {};
  await journey.does('CredentialService/RevokeCredential', { credentialId });
  await journey.does('CredentialService/DeleteCredential', { credentialId });
  const { body, replayed } = await journey.tries(rpc, fields, { idempotencyKey });
  const { sharedKey } = first.secret ?? {};
  // What is null is absent over gRPC.
  const none =
    door.name === 'HTTP' ? { credential: null, secret: { sharedKey, secretKey: null } } : { secret: { sharedKey } };
  expect({ body, replayed }).toMatchObject({ body: { ...none, secretUnavailable: 'ended' }, replayed: true });
  expect(body).toMatchObject({ application: first.application, position: first.position });
  if (door.name === 'gRPC') expect(body['credential'] ?? null).toBeNull();
});
