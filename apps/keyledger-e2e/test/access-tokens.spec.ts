import { generateKeyPair, type JWTPayload } from 'jose';
import { RpcError } from './harness/grpc-client.js';
import { IdentityProvider } from './harness/identity-provider.js';
import { startKeyledger, type KeyledgerProcess } from './harness/keyledger-process.js';
import { sendRaw } from './harness/raw-http.js';
import { Visit } from './harness/shared-server.js';

const OPERATOR = { roles: ['operator'], accounts: '*' } as const;
const AN_HOUR_S = 3600;

let provider: IdentityProvider;
let server: KeyledgerProcess;
let visit: Visit;

beforeAll(async () => {
  provider = await IdentityProvider.start();
  server = await startKeyledger({ ...provider.settings, KEYLEDGER_LOCAL_ISSUER: 'true' });
  visit = new Visit(server);
});

afterAll(async () => {
  visit.close();
  await server.remove();
  await provider.stop();
});

const base64url = (text: string): string => Buffer.from(text).toString('base64url');
const seconds = (): number => Math.floor(Date.now() / 1000);

/** A good token whose part number `index` is replaced. */
const withPart = async (index: 0 | 1 | 2, part: (old: string) => string): Promise<string> => {
  const parts = (await provider.token(OPERATOR)).split('.');
  return parts.map((old, at) => (at === index ? part(old) : old)).join('.');
};

const signed = (claims: JWTPayload): Promise<string> => provider.sign({ ...provider.claims(OPERATOR), ...claims });

const without = async (claim: string): Promise<string> => {
  const claims = Object.entries(provider.claims(OPERATOR)).filter(([name]) => name !== claim);
  return provider.sign(Object.fromEntries(claims));
};

/** The last character of a signature has bits that do not count, so it is the first one that is changed. */
const otherFirst = (part: string): string => (part.startsWith('A') ? 'B' : 'A') + part.slice(1);

const wrongTokens: readonly (readonly [string, () => Promise<string>])[] = [
  ['an expired token', () => signed({ iat: seconds() - 2 * AN_HOUR_S, exp: seconds() - AN_HOUR_S })],
  ['a token of tomorrow', () => signed({ nbf: seconds() + 24 * AN_HOUR_S })],
  ['a token for another audience', () => signed({ aud: 'another-product' })],
  ['a token without audience', () => without('aud')],
  ['a token by another issuer', () => signed({ iss: 'https://issuer.example' })],
  ['a token without issuer', () => without('iss')],
  ['a token that says to be by the local issuer', () => signed({ iss: 'urn:keyledger:local' })],
  ['a token without expiry', () => without('exp')],
  ['a token without subject', () => without('sub')],
  ['a token with an endless subject', () => signed({ sub: 'x'.repeat(10_000) })],
  ['a token with accounts that are no list', () => signed({ accounts: { all: true } })],
  ['a token with an account that is no id', () => signed({ accounts: ['acct_1'] })],
  ['a token with an asterisk in the list', () => signed({ accounts: ['*'] })],
  ['a tampered signature', () => withPart(2, otherFirst)],
  ['tampered claims', () => withPart(1, () => base64url(JSON.stringify({ ...provider.claims(OPERATOR), sub: 'me' })))],
  ['the algorithm none', async () => (await withPart(0, () => base64url('{"alg":"none"}'))).replace(/[^.]*$/, '')],
  ['the algorithm none with a signature', () => withPart(0, () => base64url('{"alg":"none"}'))],
  [
    'a key of our own',
    async () => provider.sign(provider.claims(OPERATOR), (await generateKeyPair('ES256')).privateKey),
  ],
  ['a shared secret', () => provider.sign(provider.claims(OPERATOR), Buffer.alloc(32, 1), 'HS256')],
  ['a token cut short', async () => (await provider.token(OPERATOR)).slice(0, -20)],
  ['three dots', async () => '...'],
  ['no JWT', async () => 'kat_000000000000000000000000000000000000000000000000'],
];

const httpChallenge = async (headers: Record<string, string>, path = '/v1/accounts'): Promise<unknown> => {
  const { status, body, headers: replied } = await visit.http.raw({ method: 'GET', path, headers });
  return { status, code: body['code'], challenge: replied.get('www-authenticate')?.split(/[ ,]/)[0] };
};

const UNAUTHENTICATED = { status: 401, code: 'unauthenticated', challenge: 'Bearer' };

it('takes good tokens of the identity provider and of the local issuer', async () => {
  for (const token of [await provider.token(OPERATOR), await visit.token()]) {
    expect((await visit.http.get('/v1/accounts', { token })).status).toBe(200);
    expect((await visit.doors[1].call('AccountService/ListAccounts', {}, { token })).code).toBe('OK');
  }
});

describe.each(wrongTokens)('%s', (_, make) => {
  it('is refused through both doors', async () => {
    const token = await make();
    expect(await httpChallenge({ authorization: `Bearer ${token}` })).toEqual(UNAUTHENTICATED);
    const refusal: unknown = await visit.grpc
      .rpc('AccountService/ListAccounts', {}, { token })
      .catch((e: unknown) => e);
    if (!(refusal instanceof RpcError)) throw new Error('The RPC was not refused.');
    expect(refusal).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'UNAUTHENTICATED', domain: 'keyledger' });
    // Whatever is wrong, what the caller sent is not repeated.
    if (token.length > 3) expect(refusal.message).not.toContain(token);
  });
});

it.each([
  ['no header', {}],
  ['an empty header', { authorization: '' }],
  ['no token', { authorization: 'Bearer' }],
  ['Basic credentials', { authorization: `Basic ${Buffer.from('operator:operator').toString('base64')}` }],
  ['a token in another header', { 'x-keyledger-token': 'token' }],
])('asks for a token where there is %s', async (_, headers: Record<string, string>) => {
  expect(await httpChallenge(headers)).toEqual(UNAUTHENTICATED);
});

it('does not take a token from the query', async () => {
  const token = await provider.token(OPERATOR);
  expect(await httpChallenge({}, `/v1/accounts?access_token=${token}`)).toEqual(UNAUTHENTICATED);
});

it('asks for a token everywhere under /v1, also where nothing is', async () => {
  const paths = ['/v1/accounts', '/v1/no-such-route', '/v1/', '/v1/accounts/', '/v1/accounts?limit=0', '/v1/x/../y'];
  const attempts = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'].flatMap((method) =>
    paths.map((path) => ({ method, path })),
  );
  const replies = await Promise.all(attempts.map((attempt) => sendRaw(server.httpUrl, attempt)));
  const found = attempts.map((attempt, index) => ({ ...attempt, status: replies[index]?.status }));
  expect(found).toEqual(attempts.map((attempt) => ({ ...attempt, status: 401 })));
});

it.each(['/%761/accounts', '/v%31/accounts', '/V1/accounts', '//v1/accounts', '/v1;x/accounts', '/x/../v1/accounts'])(
  'lets nobody in by writing the path as %s',
  async (path) => {
    expect([401, 404]).toContain((await sendRaw(server.httpUrl, { method: 'GET', path })).status);
  },
);

it('keeps replies out of caches, however the path is written', async () => {
  const headers = { authorization: `Bearer ${await provider.token(OPERATOR)}` };
  for (const path of ['/v1/accounts', '/%761/accounts']) {
    const reply = await sendRaw(server.httpUrl, { method: 'GET', path, headers });
    expect({ path, cacheControl: reply.headers['cache-control'] }).toEqual({ path, cacheControl: 'no-store' });
  }
});
