import { randomBytes } from 'node:crypto';
import type { Account, CredentialReply, IssuedCredentialReply, Problem } from '@keyledger/contract';
import type { Json } from '../harness/http-client.js';
import { newJourney, type Journey } from '../harness/journey.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

const REGISTER = 'AccountService/RegisterAccount';
const CREATE = 'CredentialService/CreateCredential';
const REVOKE = 'CredentialService/RevokeCredential';
const key = { type: 'api_key', mode: 'test' };

/** Each field that takes text which somebody reads later, with the field at fault. */
const texts: readonly (readonly [field: string, rpc: string, fields: (text: string) => Json])[] = [
  ['name', REGISTER, (name) => ({ name })],
  ['externalId', REGISTER, (externalId) => ({ name: 'Acme', externalId })],
  ['name', 'AccountService/UpdateAccount', (name) => ({ name })],
  ['name', CREATE, (name) => ({ ...key, name })],
  ['description', CREATE, (description) => ({ ...key, description })],
  ['scopes', CREATE, (scope) => ({ ...key, scopes: [scope] })],
  ['title', 'ApplicationService/RegisterApplication', (title) => ({ title, endpointIds: [] })],
  [
    'description',
    'ApplicationService/RegisterApplication',
    (description) => ({ title: 'A', description, endpointIds: [] }),
  ],
  ['endpointIds', 'ApplicationService/RegisterApplication', (id) => ({ title: 'A', endpointIds: [id] })],
];
const lines = texts.filter(([field]) => ['name', 'title', 'externalId'].includes(field));

const secretsOf = async (journey: Journey): Promise<readonly string[]> => {
  const secrets: string[] = [];
  for (const fields of [key, { type: 'api_secret' }, { type: 'client_credentials', name: 'some-service' }]) {
    const { secret } = await journey.does<IssuedCredentialReply>(CREATE, fields);
    secrets.push(...Object.entries(secret).flatMap(([part, text]) => (part === 'clientId' ? [] : [text ?? ''])));
  }
  return secrets;
};

/** The same to who reads it, and after one search and replace to a program. */
const hidden = (secret: string): string => secret.replace(/.{10}/g, '$&\u200b').replace(/.{30}/, '$& ');

describe.each(visit.doors)('text over $name', (door) => {
  test('that holds a secret of ours is refused wherever it would be kept', async () => {
    const journey = await newJourney(visit, door);
    const { credentialId } = (await journey.does<IssuedCredentialReply>(CREATE, key)).credential;
    for (const secret of (await secretsOf(journey)).flatMap((one) => [one, hidden(one)])) {
      for (const [field, rpc, fields] of texts) {
        const refusal = await journey.isRefused(rpc, fields(secret));
        expect({ rpc, ...refusal }).toEqual({ rpc, code: 'invalid-request', fields: [field] });
      }
      const reason = `leaked:${secret}.`;
      expect(await journey.isRefused(REVOKE, { credentialId, reason })).toMatchObject({ fields: ['reason'] });
    }
    const almost = `key_test_${'0'.repeat(49)}`;
    await journey.does(REVOKE, { credentialId, reason: almost });
  });

  test.each([
    ['no character that is seen', '\u200b\u00a0\u2800'],
    ['only white space', '   '],
    ['a line end', 'two\nlines'],
    ['a paragraph separator', 'two\u2029lines'],
    ['a bidirectional override', 'abc\u202egpj.exe'],
    ['a bidirectional isolate', 'abc\u2066def\u2069'],
  ])('of a name, a title or an external id must not have %s', async (_, text) => {
    const journey = await newJourney(visit, door);
    for (const [field, rpc, fields] of lines) {
      const refusal = await journey.isRefused(rpc, fields(text));
      expect({ rpc, ...refusal }).toEqual({ rpc, code: 'invalid-request', fields: [field] });
    }
    const description = `Lines\nand ${text}`;
    await journey.does(CREATE, { ...key, description });
  });

  test('is counted in characters, whatever they are made of', async () => {
    const journey = await newJourney(visit, door);
    const create = (description: string) => ({ ...key, description });
    for (const character of ['x', '\u{1f511}', '\ufe0f']) {
      const { credential } = await journey.does<CredentialReply>(CREATE, create(character.repeat(1_000)));
      expect(credential.description).toBe(character.repeat(1_000));
      expect(await journey.isRefused(CREATE, create(character.repeat(1_001)))).toMatchObject({
        fields: ['description'],
      });
    }
  });

  test('is one text in both forms of a letter', async () => {
    const journey = await newJourney(visit, door);
    const [composed, decomposed] = ['caf\u00e9', 'cafe\u0301'];
    const { credential } = await journey.does<CredentialReply>(CREATE, { ...key, name: decomposed });
    expect(credential.name).toBe(composed);
    expect(await journey.isRefused(CREATE, { ...key, name: composed })).toMatchObject({ code: 'name-taken' });
    expect(await journey.credentials({ q: decomposed })).toHaveLength(1);
    const externalId = randomBytes(6).toString('hex');
    const account = await journey.does<{ account: Account }>(REGISTER, {
      name: 'Acme',
      externalId: `${externalId}-${decomposed}`,
    });
    expect(account.account.externalId).toBe(`${externalId}-${composed}`);
  });
});

describe('times', () => {
  test('are taken in lower case and by the microsecond, and a raw + is explained', async () => {
    const journey = await newJourney(visit, visit.doors[0]);
    const { credential } = await journey.does<CredentialReply>(CREATE, { ...key, expiresAt: '2099-01-01t00:00:00.5z' });
    expect(credential.expiresAt).toBe('2099-01-01T00:00:00.500Z');
    const at = credential.createdAt;
    const created = async (filter: Json) =>
      (await journey.trail({ action: 'CredentialCreated', ...filter })).map((item) => item.at);
    const later = at.replace('Z', '001Z');
    expect(await created({ from: at })).toEqual([at]);
    expect(await created({ from: later })).toEqual([]);
    expect(await created({ to: later })).toEqual([at]);
    expect(await created({ to: at })).toEqual([]);
    const path = `/v1/accounts/${journey.accountId}/audit?from=2026-01-01T00:00:00+02:00`;
    const { status, body } = await visit.http.get<Problem>(path, { token: await visit.token() });
    expect([status, body.errors]).toEqual([422, [{ field: 'from', message: 'must have its + written as %2B' }]]);
  });

  test.each([-1, 1_000_000_000, 2_147_483_647])('over gRPC have no %d nanoseconds', async (nanos) => {
    const journey = await newJourney(visit, visit.doors[1]);
    const expiresAt = { seconds: 4_070_908_800, nanos };
    expect(await journey.isRefused(CREATE, { ...key, expiresAt })).toMatchObject({ fields: ['expiresAt'] });
    await journey.does(CREATE, { ...key, expiresAt: { ...expiresAt, nanos: 999_999_999 } });
  });
});

describe('messages over HTTP', () => {
  const refusalOf = async (method: string, path: string, body: unknown): Promise<Problem> => {
    const options = { token: await visit.token(), headers: { 'content-type': 'application/json' } };
    return (await visit.http.raw<Problem>({ method, path, body: JSON.stringify(body), ...options })).body;
  };

  test('say once that a field is missing, and no regular expression', async () => {
    const journey = await newJourney(visit, visit.doors[0]);
    const account = `/v1/accounts/${journey.accountId}`;
    const required = 'is required';
    const missing: readonly (readonly [string, string, readonly string[]])[] = [
      ['POST', '/v1/accounts', ['name']],
      ['PUT', `${account}/plan`, ['tier', 'paymentMethodOnFile']],
      ['POST', `${account}/applications`, ['title', 'endpointIds']],
      ['PUT', `${account}/ip-allowlist`, ['cidrs']],
      ['POST', `${account}/webhook-endpoints`, ['url', 'scheme']],
      ['PUT', `${account}/webhook-signer`, ['credentialId']],
      ['POST', `${account}/credentials`, ['type']],
      ['PUT', '/v1/api-endpoints', ['endpoints']],
    ];
    for (const [method, path, fields] of missing) {
      const { errors } = await refusalOf(method, path, {});
      expect(errors).toEqual(fields.map((field) => ({ field, message: required })));
    }
    const wrong = [
      await refusalOf('PUT', `${account}/webhook-signer`, { credentialId: 'cred_1' }),
      await refusalOf('POST', `${account}/credentials`, { type: 'client_credentials', name: 'with space' }),
      await refusalOf('PUT', '/v1/api-endpoints', { endpoints: [{ endpointId: 'a b', method: 'GET', path: '/a' }] }),
    ];
    expect(wrong.map(({ errors }) => errors)).toEqual([
      [
        {
          field: 'credentialId',
          message: expect.stringMatching(/^must be an id such as cred_[0-9a-f-]{36}$/) as string,
        },
      ],
      [{ field: 'name', message: 'may hold only A-Z a-z 0-9 _ -' }],
      [{ field: 'endpoints.0.endpointId', message: 'must be letters, digits, and any of _ . : -' }],
    ]);
  });

  test.each<readonly [Json, string, string]>([
    [{ endpoints: [null] }, 'endpoints', 'must be a list of objects, which number 1 is not'],
    [{ endpoints: ['x'] }, 'endpoints', 'must be a list of objects, which number 1 is not'],
    [{ endpoints: [[]] }, 'endpoints', 'must be a list of objects, which number 1 is not'],
    [{ endpoints: 'x' }, 'endpoints', 'must be a list of at most 2000 objects'],
  ])('say in our own words what is no list of objects: %j', async (body, field, message) => {
    expect((await refusalOf('PUT', '/v1/api-endpoints', body)).errors).toEqual([{ field, message }]);
  });

  test('say in our own words what is no object', async () => {
    const { accountId } = await visit.newAccount();
    for (const generateKeys of ['x', 1, true, [], [null]]) {
      const body = { title: 'Portal', endpointIds: [], generateKeys };
      const { errors } = await refusalOf('POST', `/v1/accounts/${accountId}/applications`, body);
      expect(errors).toEqual([{ field: 'generateKeys', message: 'must be an object' }]);
    }
  });

  test('say which address block is wrong, and why', async () => {
    const journey = await newJourney(visit, visit.doors[0]);
    const path = `/v1/accounts/${journey.accountId}/ip-allowlist`;
    const { errors } = await refusalOf('PUT', path, { cidrs: ['192.0.2.0/24', '192.0.2.1/24', '::1'] });
    const message =
      'has mistakes: number 2 (192.0.2.1) has bits beyond its prefix: write 192.0.2.0/24; ' +
      'number 3 (::1) has no prefix length: write ::1/128 for this one address';
    expect(errors).toEqual([{ field: 'cidrs', message }]);
  });

  test('name the account that has an external id in a field of its own', async () => {
    const fields = { name: 'Acme', externalId: randomBytes(6).toString('hex') };
    const first = await visit.http.post<{ account: Account }>('/v1/accounts', fields, { token: await visit.token() });
    const { accountId } = first.body.account;
    expect(await refusalOf('POST', '/v1/accounts', fields)).toMatchObject({ code: 'external-id-taken', accountId });
  });

  test('do not repeat a secret of ours that stands where a name belongs', async () => {
    const journey = await newJourney(visit, visit.doors[0]);
    for (const secret of await secretsOf(journey)) {
      const name = encodeURIComponent(secret);
      const refusals = [
        await refusalOf('POST', '/v1/accounts', { name: 'Acme', [secret]: 1 }),
        await refusalOf('GET', `/v1/accounts?${name}=1`, undefined),
        await refusalOf('POST', `/v1/accounts/${journey.accountId}/suspend?${name}`, {}),
      ];
      expect(refusals.map(({ code }) => code)).toEqual(refusals.map(() => 'invalid-request'));
      expect(JSON.stringify(refusals)).not.toContain(secret);
    }
  });

  test('refuse a correlation id that is a secret of ours, and do not repeat it', async () => {
    const journey = await newJourney(visit, visit.doors[0]);
    const [secret = ''] = await secretsOf(journey);
    const reply = await visit.http.raw<Problem>({
      method: 'GET',
      path: '/v1/position',
      token: await visit.token(),
      headers: { 'x-correlation-id': secret },
    });
    expect({ status: reply.status, code: reply.body.code }).toEqual({ status: 422, code: 'invalid-request' });
    expect(JSON.stringify([...reply.headers])).not.toContain(secret);
    expect(JSON.stringify(reply.body)).not.toContain(secret);
  });
});
