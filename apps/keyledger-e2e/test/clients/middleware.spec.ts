import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, text } from 'node:stream/consumers';
import type { CredentialReply } from '@keyledger/contract';
import { startDocumented, type DocumentedProgram } from '../harness/documented-program.js';
import { newJourney, type Journey } from '../harness/journey.js';
import { sharedServer } from '../harness/shared-server.js';

// The examples of docs/verify.md as they stand there, on the client as it is built, in front of a running Keyledger.
const frameworks = ['Express', 'Fastify', 'Nest'];
const visit = sharedServer();
afterAll(() => visit.close());

/** What the program answers to these headers. */
const ask = async (
  { url }: DocumentedProgram,
  headers: Record<string, string>,
): Promise<{ status: number; body: unknown; headers: object }> => {
  const response = await fetch(`${url}/invoices?page=2`, { headers });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return {
    status: response.status,
    body: isJson ? (JSON.parse(text) as unknown) : text,
    headers: Object.fromEntries(response.headers),
  };
};

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends headers as a list of names and values, of which some may come twice. */
const sendList = (url: string, headers: readonly string[]): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { headers: ['host', 'localhost', 'connection', 'close', ...headers] }, (response) => {
      const { statusCode, headers } = response;
      text(response).then((body) => resolve({ status: statusCode, headers, body }), reject);
    });
    sent.on('error', reject).end();
  });

const aKey = { type: 'api_key', mode: 'test', scopes: ['invoices:read'] };

type Way = readonly [way: string, code: 'VALID' | 'MALFORMED', headers: readonly string[]];

/** Ways to present a key, another one, and a pair, with the code for each. */
const waysToPresent = (key: string, other: string, pair: string): readonly Way[] => {
  const base64 = Buffer.from(pair).toString('base64');
  const unpadded = base64.replace(/=+$/, '');
  // The pair is of 80 bytes, so there is one sign of padding, and the one before it has two bits to spare.
  const after = String.fromCharCode(unpadded.charCodeAt(unpadded.length - 1) + 1);
  const basic = (encoded: string): string[] => ['authorization', `Basic ${encoded}`];
  const bearer = ['authorization', `Bearer ${key}`];
  return [
    ['a key', 'VALID', ['x-api-key', key]],
    ['a key as a token', 'VALID', ['X-AUTH-TOKEN', key]],
    ['Bearer', 'VALID', bearer],
    ['Bearer in capitals, with several spaces', 'VALID', ['Authorization', `BEARER   ${key}`]],
    ['Basic', 'VALID', basic(base64)],
    ['Basic in small letters', 'VALID', ['authorization', `basic  ${base64}`]],
    ['spaces around a value', 'VALID', ['x-api-key', ` ${key} `]],
    ['nothing', 'MALFORMED', []],
    ['Authorization twice, the same', 'MALFORMED', [...bearer, ...bearer]],
    ['Authorization twice, the first good', 'MALFORMED', [...bearer, 'Authorization', 'Bearer x']],
    ['Authorization twice, the second good', 'MALFORMED', ['authorization', 'Bearer x', ...bearer]],
    ['Authorization twice, one empty', 'MALFORMED', [...bearer, 'authorization', '']],
    ['Authorization twice, in two schemes', 'MALFORMED', [...bearer, ...basic(base64)]],
    ['two keys', 'MALFORMED', ['x-api-key', key, 'x-api-key', other]],
    ['one key twice', 'MALFORMED', ['x-api-key', key, 'X-Api-Key', key]],
    ['one key in two headers', 'MALFORMED', ['x-api-key', key, 'x-auth-token', key]],
    ['an empty key beside another', 'MALFORMED', ['x-api-key', '', ...bearer]],
    ['half of a pair beside a key', 'MALFORMED', ['x-shared-key', 'kps_1', 'x-api-key', key]],
    ['a pair as a key', 'MALFORMED', ['x-api-key', pair]],
    ['a pair as Bearer', 'MALFORMED', ['authorization', `Bearer ${pair}`]],
    ['a key without a scheme', 'MALFORMED', ['authorization', key]],
    ['a scheme that nobody knows', 'MALFORMED', ['authorization', `Token ${key}`]],
    ['a tab after the scheme', 'MALFORMED', ['authorization', `Bearer\t${key}`]],
    ['Bearer with two words', 'MALFORMED', ['authorization', `Bearer ${key} ${key}`]],
    ['Bearer, and a list', 'MALFORMED', ['authorization', `Bearer ${key}, Bearer ${key}`]],
    ['Basic without its padding', 'MALFORMED', basic(unpadded)],
    ['Basic with too much padding', 'MALFORMED', basic(`${base64}====`)],
    ['Basic with signs of no base64 behind it', 'MALFORMED', basic(`${base64}!!`)],
    ['Basic with signs of no base64 in it', 'MALFORMED', basic(`${base64.slice(0, 8)}!${base64.slice(8)}`)],
    ['Basic with more behind its padding', 'MALFORMED', basic(`${base64}eA==`)],
    ['Basic with another last sign, for the same bytes', 'MALFORMED', basic(`${unpadded.slice(0, -1)}${after}=`)],
    ['Basic of a key', 'MALFORMED', basic(Buffer.from(key).toString('base64'))],
    ['Basic of two colons', 'MALFORMED', basic(Buffer.from(`${pair}:`).toString('base64'))],
    ['Basic that is not encoded', 'MALFORMED', basic(pair)],
    ['Basic with a byte order mark', 'MALFORMED', basic(Buffer.from(`\uFEFF${pair}`).toString('base64'))],
  ];
};

describe.each(frameworks)('the example for %s', (framework) => {
  let program: DocumentedProgram;
  let journey: Journey;

  const issue = async (fields: object): Promise<CredentialReply & { secret: Record<string, string> }> =>
    journey.does('CredentialService/CreateCredential', { ...fields });

  beforeAll(async () => {
    journey = await newJourney(visit, visit.doors[0]);
    const KEYLEDGER_TOKEN = await visit.token({ roles: ['verifier'] });
    program = await startDocumented('docs/verify.md', framework, {
      KEYLEDGER_URL: visit.server.httpUrl,
      KEYLEDGER_TOKEN,
    });
  });
  afterAll(() => program.stop());

  it('lets a key in until it is revoked', async () => {
    const { credential, secret } = await issue({ type: 'api_key', mode: 'test', scopes: ['invoices:read'] });
    const key = secret['key'] ?? '';
    const granted = { status: 200, body: { accountId: journey.accountId } };
    for (const [name, value] of [
      ['x-api-key', key],
      ['x-auth-token', key],
      ['authorization', `Bearer ${key}`],
    ] as const) {
      expect(await ask(program, { [name]: value })).toMatchObject(granted);
    }
    await journey.does('CredentialService/RevokeCredential', { credentialId: credential.credentialId });
    expect(await ask(program, { 'x-api-key': key })).toMatchObject({
      status: 401,
      body: { code: 'REVOKED' },
      headers: { 'www-authenticate': 'Bearer' },
    });
  });

  it('lets a pair in, by Basic', async () => {
    const { secret } = await issue({ type: 'client_credentials', name: 'billing', scopes: ['invoices:read'] });
    const pair = Buffer.from(`${secret['clientId']}:${secret['clientSecret']}`).toString('base64');
    expect(await ask(program, { authorization: `Basic ${pair}` })).toMatchObject({ status: 200 });
  });

  it('judges what is presented as forward-auth does, to the letter', async () => {
    const [one, other] = [await issue(aKey), await issue(aKey)].map(({ secret }) => secret['key'] ?? '');
    const { secret } = await issue({ type: 'client_credentials', name: 'orders', scopes: ['invoices:read'] });
    const verifier = ['x-keyledger-token', await visit.token({ roles: ['verifier'] })];
    const ways = waysToPresent(one ?? '', other ?? '', `${secret['clientId']}:${secret['clientSecret']}`);
    const judged: unknown[] = [];
    for (const [way, , headers] of ways) {
      const gateway = await sendList(`${visit.server.httpUrl}/v1/forward-auth`, [...headers, ...verifier]);
      const own = await sendList(`${program.url}/invoices`, headers);
      const { code = 'VALID' } = JSON.parse(own.body) as { code?: string };
      judged.push([way, gateway.status, gateway.headers['x-keyledger-code'], own.status, code]);
    }
    const status = { VALID: 200, MALFORMED: 401 };
    expect(judged).toEqual(ways.map(([way, code]) => [way, status[code], code, status[code], code]));
  });

  it('refuses none, two, a typo, and a key without the scope', async () => {
    const { secret } = await issue({ type: 'api_key', mode: 'test', scopes: ['orders:read'] });
    const key = secret['key'] ?? '';
    const malformed = { status: 401, body: { code: 'MALFORMED' } };
    expect(await ask(program, {})).toMatchObject(malformed);
    expect(await ask(program, { 'x-api-key': key, 'x-auth-token': key })).toMatchObject(malformed);
    expect(await ask(program, { 'x-api-key': `${key}0` })).toMatchObject(malformed);
    const lacking = await ask(program, { 'x-api-key': key });
    expect(lacking).toMatchObject({ status: 403, body: { code: 'INSUFFICIENT_SCOPE' } });
    expect(lacking.headers).not.toHaveProperty('www-authenticate');
  });
});

describe.each(frameworks)('the example for %s, when there is no verdict', (framework) => {
  const KEYLEDGER_TOKEN = 'the-verifiers-token';
  const answers: Readonly<Record<string, readonly [status: number, body: object]>> = {
    'a-guess': [429, { code: 'too-many-requests' }],
    'bad-luck': [503, { code: 'log-unavailable' }],
    'too-early': [200, { valid: false, code: 'STALE', position: null, ageMs: null }],
  };
  const questions: unknown[] = [];
  let keyledger: Server;
  let program: DocumentedProgram;

  beforeAll(async () => {
    keyledger = createServer((request, response) => {
      void json(request).then((question) => {
        questions.push(question);
        const [status, body] = answers[(question as { credential?: string }).credential ?? ''] ?? [404, {}];
        const policy = status === 429 ? { 'ratelimit-policy': '"failed-verdicts";q=200;w=60' } : {};
        response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '60', ...policy });
        response.end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => keyledger.listen(0, '127.0.0.1', resolve));
    const KEYLEDGER_URL = `http://127.0.0.1:${(keyledger.address() as AddressInfo).port}`;
    program = await startDocumented('docs/verify.md', framework, { KEYLEDGER_URL, KEYLEDGER_TOKEN });
  });
  afterAll(async () => {
    await program.stop();
    keyledger.closeAllConnections();
    keyledger.close();
  });

  it.each([
    [429, 'a-guess'],
    [503, 'bad-luck'],
    [503, 'too-early'],
  ])('answers %d to %s, and gives away nothing', async (status, key) => {
    const { headers, body, ...answer } = await ask(program, { 'x-api-key': key });
    expect(answer).toEqual({ status });
    const isError = key !== 'too-early';
    if (!isError || framework !== 'Nest') expect(headers).toMatchObject({ 'retry-after': isError ? '60' : '1' });
    for (const secret of [key, KEYLEDGER_TOKEN]) expect(JSON.stringify(body) + program.output()).not.toContain(secret);
  });

  it('asks with the address, the call and the scopes', () => {
    expect(questions.at(-1)).toEqual({
      credential: 'too-early',
      ip: expect.stringMatching(/^(::ffff:)?127\.0\.0\.1$|^::1$/) as string,
      endpoint: { method: 'GET', path: '/invoices?page=2' },
      scopes: ['invoices:read'],
    });
  });
});
