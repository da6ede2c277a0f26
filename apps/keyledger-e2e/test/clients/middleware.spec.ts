import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
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
