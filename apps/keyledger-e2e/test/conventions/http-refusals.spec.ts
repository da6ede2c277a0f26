import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Problem } from '@keyledger/contract';
import type { HttpReply, RawRequest } from '../harness/http-client.js';
import { sharedServer } from '../harness/shared-server.js';

const visit = sharedServer();
afterAll(() => visit.close());

const json = { 'content-type': 'application/json' };
const absent = '018f3c5e-7e9a-7cc1-8a55-2f0d7f1f4a10';

let token = '';
let account = '';
beforeAll(async () => {
  token = await visit.token();
  account = `/v1/accounts/${(await visit.newAccount()).accountId}`;
});

const send = (request: RawRequest): Promise<HttpReply<Problem>> =>
  visit.http.raw<Problem>({ token, ...request, path: request.path.replace('{account}', account) });

const expectProblem = ({ status, headers, body }: HttpReply<Problem>, code: string): void => {
  expect({ status, code: body.code, detail: body.detail }).toMatchObject({ code });
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(Object.keys(body).sort()).toEqual(['code', 'detail', 'errors', 'status', 'title', 'type']);
  expect(body).toMatchObject({ type: `urn:keyledger:problem:${code}`, status });
  expect(body.title.length).toBeGreaterThan(0);
  expect(body.detail.length).toBeGreaterThan(0);
};

describe('400, only for what cannot be decoded', () => {
  const post = { method: 'POST', path: '/v1/accounts', headers: json };
  test.each<readonly [string, RawRequest]>([
    ['JSON that ends early', { ...post, body: '{"name":"Ac' }],
    ['JSON with a comment', { ...post, body: '{"name":"Acme"} // new' }],
    ['single quotes', { ...post, body: "{'name':'Acme'}" }],
    ['white space', { ...post, body: ' \n' }],
    ['two values', { ...post, body: '{}{}' }],
    ['a byte order of UTF-16', { ...post, body: Buffer.from('{"name":"Acme"}', 'utf16le') }],
    ['Latin-1', { ...post, body: Buffer.from('{"name":"Büro"}', 'latin1') }],
    ['a cut UTF-8 sequence', { ...post, body: Buffer.from([...Buffer.from('{"name":"'), 0xe2, 0x82]) }],
    ['a percent sign alone in the path', { method: 'GET', path: '/v1/accounts/%' }],
    ['percent-encoding that is no hex in the path', { method: 'GET', path: '/v1/accounts/%zz' }],
    ['percent-encoded bytes that are no UTF-8 in the path', { method: 'GET', path: '/v1/accounts/%ff' }],
    ['percent-encoding that is no hex in the query', { method: 'GET', path: '/v1/accounts?q=%zz' }],
    ['percent-encoded bytes that are no UTF-8 in the query', { method: 'GET', path: '/v1/accounts?q=%ff' }],
  ])('%s', async (_, request) => {
    const reply = await send(request);
    expect(reply.status).toBe(400);
    expectProblem(reply, 'malformed-request');
  });

  test('a head that is no HTTP', async () => {
    const { hostname, port } = new URL(visit.server.httpUrl);
    const socket = connect(Number(port), hostname);
    socket.end('GET /v1/accounts HTTP/1.1\r\nhost: localhost\r\nno colon here\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
    expect(answer).toContain('"code":"malformed-request"');
  });
});

describe('404 and 405', () => {
  test.each([
    ['an unknown path', 'GET', '/v1/nothing'],
    ['a path below a resource', 'GET', '{account}/credentials/x/y/z'],
    ['a path with a slash too many', 'GET', '/v1/accounts/'],
    ['an account that is not there', 'GET', `/v1/accounts/acct_${absent}`],
    ['an account id without prefix', 'GET', `/v1/accounts/${absent}`],
    ['an account id in upper case', 'GET', `/v1/accounts/ACCT_${absent.toUpperCase()}`],
    ['an account id of another kind', 'GET', `/v1/accounts/cred_${absent}`],
    ['a credential that is not there', 'GET', `{account}/credentials/cred_${absent}`],
    ['a write to a credential that is not there', 'POST', `{account}/credentials/cred_${absent}/revoke`],
    ['a malformed credential id', 'DELETE', '{account}/credentials/cred_1'],
    ['an application that is not there', 'DELETE', `{account}/applications/app_${absent}`],
    ['a malformed application id', 'GET', '{account}/applications/%00'],
  ])('404: %s', async (_, method, path) => {
    const reply = await send({ method, path });
    expect(reply.status).toBe(404);
    expectProblem(reply, 'not-found');
  });

  test.each([
    ['PUT', '/v1/accounts', ['GET', 'POST']],
    ['DELETE', '{account}', ['GET', 'PATCH']],
    ['GET', '{account}/suspend', ['POST']],
    ['POST', '{account}/ip-allowlist', ['PUT']],
    ['POST', `{account}/credentials/cred_${absent}`, ['DELETE', 'GET', 'PATCH']],
    ['PATCH', '/v1/api-endpoints', ['GET', 'PUT']],
    ['POST', '/v1/position?x=1', ['GET']],
    ['DELETE', '/v1/%61ccounts', ['GET', 'POST']],
    ['PROPFIND', '/v1/accounts', ['GET', 'POST']],
  ])('405: %s %s', async (method, path, allowed) => {
    const reply = await send({ method, path });
    expect(reply.status).toBe(405);
    expectProblem(reply, 'method-not-allowed');
    const allow = (reply.headers.get('allow') ?? '').split(', ').filter((name) => name !== 'HEAD');
    expect(allow.sort()).toEqual(allowed);
  });
});

describe('413 and 415', () => {
  test('a body of more than 256 KiB is too large', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(256 * 1024) });
    const reply = await send({ method: 'POST', path: '/v1/accounts', headers: json, body });
    expect(reply.status).toBe(413);
    expectProblem(reply, 'too-large');
  });

  test('a head of more than 16 KiB is too large', async () => {
    const reply = await send({ method: 'GET', path: '/v1/position', headers: { 'x-filler': 'x'.repeat(20_000) } });
    expect(reply.status).toBe(413);
    expectProblem(reply, 'too-large');
  });

  test.each([
    ['plain text', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['XML', 'application/xml'],
    ['several parts', 'multipart/form-data; boundary=x'],
    ['an unknown kind', 'x'],
    ['nothing said', undefined],
  ])('415: %s', async (_, type) => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    const reply = await send({ method: 'POST', path: '/v1/accounts', headers, body: '{"name":"Acme"}' });
    expect(reply.status).toBe(415);
    expectProblem(reply, 'unsupported-media-type');
  });

  test.each([
    ['another charset', { 'content-type': 'application/json; charset=iso-8859-1' }],
    ['UTF-16', { 'content-type': 'application/json;charset="utf-16"' }],
    ['a compressed body', { ...json, 'content-encoding': 'gzip' }],
    ['an encoding that nobody knows', { ...json, 'content-encoding': 'x' }],
  ])('415: %s', async (_, headers: Record<string, string>) => {
    const reply = await send({ method: 'POST', path: '/v1/accounts', headers, body: '{"name":"Acme"}' });
    expect(reply.status).toBe(415);
    expectProblem(reply, 'unsupported-media-type');
  });

  test.each(['text/plain', 'x', 'application/x-www-form-urlencoded'])(
    '%s of nothing is no media type',
    async (type) => {
      const headers = { 'content-type': type, 'content-length': '0' };
      expect((await send({ method: 'POST', path: '{account}/suspend', headers, body: '' })).status).toBe(200);
      expect((await send({ method: 'POST', path: '{account}/resume', headers, body: '' })).status).toBe(200);
    },
  );

  test('parameters of the media type do no harm', async () => {
    for (const type of ['application/json; charset=utf-8', 'application/json;charset=UTF-8', 'APPLICATION/JSON']) {
      const headers = { 'content-type': type };
      expect((await send({ method: 'POST', path: '/v1/accounts', headers, body: '{"name":"Acme"}' })).status).toBe(201);
    }
  });
});

describe('422 names every field at fault', () => {
  test.each<readonly [string, string, string, unknown, readonly string[]]>([
    ['a missing field', 'POST', '/v1/accounts', {}, ['name']],
    ['a wrong type', 'POST', '/v1/accounts', { name: 7 }, ['name']],
    ['null where none may be', 'POST', '/v1/accounts', { name: null }, ['name']],
    ['an unknown field', 'POST', '/v1/accounts', { name: 'Acme', colour: 'red' }, ['colour']],
    ['two faults', 'POST', '/v1/accounts', { name: '', externalId: 5 }, ['externalId', 'name']],
    ['a name of 201 characters', 'POST', '/v1/accounts', { name: 'x'.repeat(201) }, ['name']],
    ['a control character', 'POST', '/v1/accounts', { name: 'a\u0000b' }, ['name']],
    ['a lone surrogate', 'POST', '/v1/accounts', { name: 'a\ud800b' }, ['name']],
    ['a field of a route without body', 'POST', '{account}/suspend', { reason: 'late' }, ['reason']],
    ['text for a flag', 'PUT', '{account}/plan', { tier: 'paid', paymentMethodOnFile: 'yes' }, ['paymentMethodOnFile']],
    ['a forgotten flag', 'PUT', '{account}/plan', { tier: 'paid' }, ['paymentMethodOnFile']],
    ['an unknown tier', 'PUT', '{account}/plan', { tier: 'gold', paymentMethodOnFile: true }, ['tier']],
    [
      'a nested fault',
      'POST',
      '{account}/applications',
      { title: 'x', endpointIds: [], generateKeys: {} },
      ['generateKeys.environment'],
    ],
    ['text for a time', 'POST', '{account}/credentials', { type: 'api_secret', expiresAt: 'soon' }, ['expiresAt']],
    [
      'a day that does not exist',
      'POST',
      '{account}/credentials',
      {
        type: 'api_secret',
        expiresAt: '2031-02-30T00:00:00Z',
      },
      ['expiresAt'],
    ],
    ['a list for a text', 'POST', '{account}/credentials', { type: ['api_secret'] }, ['type']],
    ['an unknown query parameter', 'GET', '/v1/accounts?colour=red', undefined, ['colour']],
    ['a query parameter of a write', 'POST', '/v1/accounts?dryRun=true', { name: 'Acme' }, ['dryRun']],
    ['a parameter twice', 'GET', '/v1/accounts?limit=1&limit=2', undefined, ['limit']],
    ['a limit of 0', 'GET', '/v1/accounts?limit=0', undefined, ['limit']],
    ['a limit of 201', 'GET', '/v1/accounts?limit=201', undefined, ['limit']],
    ['a broken limit', 'GET', '/v1/accounts?limit=1.5', undefined, ['limit']],
    ['an empty limit', 'GET', '/v1/accounts?limit=', undefined, ['limit']],
    ['an unknown sort', 'GET', '{account}/credentials?sort=colour', undefined, ['sort']],
    ['an unknown status', 'GET', '{account}/credentials?status=deleted', undefined, ['status']],
    ['a cursor that nobody gave', 'GET', '{account}/credentials?cursor=abc', undefined, ['cursor']],
    ['a time that is none', 'GET', '{account}/audit?from=yesterday', undefined, ['from']],
  ])('%s', async (_, ...[method, path, body, fields]) => {
    const sent = body === undefined ? {} : { headers: json, body: JSON.stringify(body) };
    const reply = await send({ method, path, ...sent });
    expectProblem(reply, 'invalid-request');
    expect([...new Set(reply.body.errors.map(({ field }) => field))].sort()).toEqual(fields);
    for (const { message } of reply.body.errors) expect(message.length).toBeGreaterThan(0);
  });

  test.each(['[]', '"text"', '5', 'true', 'null'])('a body of %s', async (body) => {
    const reply = await send({ method: 'POST', path: '/v1/accounts', headers: json, body });
    expect(reply.status).toBe(422);
    expectProblem(reply, 'invalid-request');
  });
});

test('401 says how to authenticate', async () => {
  const reply = await visit.http.get<Problem>('/v1/accounts');
  expect(reply.status).toBe(401);
  expectProblem(reply, 'unauthenticated');
  expect(reply.headers.get('www-authenticate')).toMatch(/^Bearer/);
});
