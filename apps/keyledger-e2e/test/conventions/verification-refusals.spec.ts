import { METHODS } from 'node:http';
import { RpcError } from '../harness/grpc-client.js';
import type { Json } from '../harness/http-client.js';
import { sendRaw, type RawHttpReply } from '../harness/raw-http.js';
import { sharedServer } from '../harness/shared-server.js';
import { everythingFrom, openSocket } from '../harness/sockets.js';

const visit = sharedServer();
let token: string;
let operator: string;

beforeAll(async () => {
  token = await visit.token({ roles: ['verifier'] });
  operator = await visit.token();
});
afterAll(() => visit.close());

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

const post = (path: string, type: string, body: string, headers: object = {}): Promise<RawHttpReply> =>
  sendRaw(visit.server.httpUrl, {
    ...{ method: 'POST', path, body: Buffer.from(body) },
    headers: { authorization: `Bearer ${token}`, 'content-type': type, ...headers },
  });

interface ProblemBody {
  readonly code: string;
  readonly errors: readonly { readonly field: string }[];
}

const told = ({ status, text }: RawHttpReply) => {
  const { code, errors } = JSON.parse(text) as ProblemBody;
  return [status, code, ...errors.map(({ field }) => field)];
};

test.each([
  ['/v1/verify?minPosition=x', JSON_TYPE, '{}', 'minPosition'],
  ['/v1/verify?x=1', JSON_TYPE, '{}', 'x'],
  ['/v1/verify/batch?foo=2', JSON_TYPE, '{"items":[]}', 'foo'],
  ['/oauth2/introspect?token=x', FORM, 'token=x', 'token'],
])('%s has a parameter that the route does not take', async (path, type, body, field) => {
  expect(told(await post(path, type, body))).toEqual([422, 'invalid-request', field]);
});

test('the query of a client that a gateway passes on to /v1/forward-auth is not looked at', async () => {
  const headers = { 'x-keyledger-token': token, 'x-api-key': 'no' };
  const { status } = await sendRaw(visit.server.httpUrl, { method: 'GET', path: '/v1/forward-auth?foo=1', headers });
  expect(status).toBe(401);
});

test.each(METHODS.filter((method) => method !== 'CONNECT'))('/v1/forward-auth answers %s', async (method) => {
  const headers = { 'x-keyledger-token': token, 'x-api-key': 'no' };
  const { status } = await sendRaw(visit.server.httpUrl, { method, path: '/v1/forward-auth', headers });
  expect(status).toBe(401);
});

test.each([
  ['/oauth2/introspect', FORM, { 'content-encoding': 'gzip' }],
  ['/oauth2/introspect', `${FORM}; charset=latin1`, {}],
  ['/v1/verify', JSON_TYPE, { 'content-encoding': 'gzip' }],
  ['/v1/verify/batch', `${JSON_TYPE}; charset=latin1`, {}],
])('%s takes %s with %j for no body that it can read', async (path, type, headers) => {
  expect(told(await post(path, type, path.startsWith('/o') ? 'token=x' : '{}', headers))).toEqual([
    ...[415, 'unsupported-media-type'],
  ]);
});

test.each(['/v1/verify', '/v1/accounts', '/oauth2/introspect'])('%s undoes no coding of the transfer', async (path) => {
  const type = path.startsWith('/o') ? FORM : JSON_TYPE;
  const head = [`POST ${path} HTTP/1.1`, 'Host: localhost', `Authorization: Bearer ${operator}`, 'Connection: close'];
  const sent = [...head, `Content-Type: ${type}`, 'Transfer-Encoding: gzip, chunked', '', '7', 'token=x', '0', '', ''];
  const { port } = new URL(visit.server.httpUrl);
  expect(await everythingFrom(await openSocket(port, sent.join('\r\n')))).toMatch(/^HTTP\/1\.1 4(00|15) /);
});

test.each(['token=%zz', 'token=%ff', 'token=x&ip=%', 'token=%e2&%82%ac=1', 'token=%C0%80'])(
  'the form "%s" cannot be decoded',
  async (body) => {
    expect(told(await post('/oauth2/introspect', FORM, body))).toEqual([400, 'malformed-request']);
  },
);

test.each([
  ['{"name":"a","__proto__":1}', '__proto__'],
  ['{"name":"a","\\u005f_proto__":{"externalId":"x"}}', '__proto__'],
  ['{"name":"a","constructor":{"prototype":1}}', 'constructor'],
  ['{"name":"a","constructor":1}', 'constructor'],
  ['{"name":"a","hasOwnProperty":1}', 'hasOwnProperty'],
])('in %s a field is not known, at every door that reads JSON', async (body, field) => {
  const unknown = [422, 'invalid-request', field];
  expect(told(await post('/v1/accounts', JSON_TYPE, body, { authorization: `Bearer ${operator}` }))).toEqual(unknown);
  const verify = body.replace('"name":"a"', '"credential":"a"');
  for (const type of [JSON_TYPE, `${JSON_TYPE};charset=utf-8`]) {
    expect(told(await post('/v1/verify', type, verify))).toEqual(unknown);
    const batch = await post('/v1/verify/batch', type, `{"items":[{},${verify}]}`);
    expect(told(batch)).toEqual([422, 'invalid-request', `items.1.${field}`]);
  }
});

describe('a position that is none is named by where it came', () => {
  const fieldsOf = async (rpc: string, message: Json, metadata = {}): Promise<unknown> => {
    const asked = visit.grpc.rpc(`VerificationService/${rpc}`, message, { token, metadata });
    const error: unknown = await asked.catch((thrown: unknown) => thrown);
    return error instanceof RpcError ? error.fieldViolations.map(({ field }) => field) : error;
  };

  test('over HTTP', async () => {
    const bad = { minPosition: 'x' };
    const alone = await post('/v1/verify', JSON_TYPE, JSON.stringify(bad));
    const third = await post('/v1/verify/batch', JSON_TYPE, JSON.stringify({ items: [{}, {}, bad] }));
    expect([told(alone), told(third)]).toEqual([
      [422, 'invalid-request', 'minPosition'],
      [422, 'invalid-request', 'items.2.minPosition'],
    ]);
  });

  test('over gRPC', async () => {
    expect(await fieldsOf('Verify', { minPosition: 'x' })).toEqual(['min_position']);
    expect(await fieldsOf('VerifyBatch', { items: [{}, {}, { minPosition: 'x' }] })).toEqual(['items.2.min_position']);
    expect(await fieldsOf('Verify', {}, { 'min-position': 'x' })).toEqual(['min-position']);
  });
});
