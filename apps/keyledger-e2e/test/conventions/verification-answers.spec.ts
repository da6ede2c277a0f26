import type { IssuedCredentialReply } from '@keyledger/contract';
import { checkAnswer } from '../harness/documented.js';
import type { HttpReply, RawRequest } from '../harness/http-client.js';
import { newJourney } from '../harness/journey.js';
import { farFuture } from '../harness/positions.js';
import { startKeyledger, type KeyledgerProcess } from '../harness/keyledger-process.js';
import { Visit } from '../harness/shared-server.js';

const FEW = 3;
const IP = '192.0.2.1';

let server: KeyledgerProcess;
let visit: Visit;
/** A verifier, and one who may not ask for verdicts. */
let token: string;
let viewer: string;
let key: string;
let pair: Readonly<Record<string, string | null>>;
let position: string;

beforeAll(async () => {
  server = await startKeyledger({ KEYLEDGER_LIMIT_FAILED_VERDICTS: `${FEW}/1h` });
  visit = new Visit(server);
  const journey = await newJourney(visit, visit.doors[0]);
  token = await visit.token({ roles: ['verifier'] });
  viewer = await visit.token({ roles: ['viewer'], accounts: [journey.accountId] });
  const create = (rpc: string, fields: object) => journey.does<IssuedCredentialReply>(rpc, { ...fields });
  key = `${(await create('CredentialService/CreateCredential', { type: 'api_key', mode: 'test' })).secret['key']}`;
  const application = { title: 'Portal', endpointIds: [], generateKeys: { environment: 'staging' } };
  ({ secret: pair, position } = await create('ApplicationService/RegisterApplication', application));
});

afterAll(async () => {
  visit.close();
  await server.remove();
});

/** Sends it, and holds the answer against the document. */
const answerTo = async ({ method, path, ...sent }: RawRequest): Promise<HttpReply> => {
  // At the gateway's door, `Authorization` is the client's own.
  const shown = path === '/v1/forward-auth' ? {} : { token };
  const answer = await visit.http.raw({ method, path, ...shown, ...sent });
  await checkAnswer(visit.http, `${method} ${path}`, answer);
  return answer;
};

const json = (path: string, body: unknown): RawRequest => ({
  ...{ method: 'POST', path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
});

const form = (fields: Record<string, string>): RawRequest => ({
  ...{ method: 'POST', path: '/oauth2/introspect', body: new URLSearchParams(fields).toString() },
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});

const gate = (headers: Record<string, string>, method = 'GET'): RawRequest => ({
  ...{ method, path: '/v1/forward-auth', headers: { 'x-keyledger-token': token, ...headers } },
});

const withoutToken = (request: RawRequest): RawRequest => ({ ...request, headers: { authorization: '' } });
const broken = (request: RawRequest): RawRequest => ({ ...request, body: Buffer.from([0xff]) });
const large = (request: RawRequest): RawRequest => ({ ...request, body: 'x'.repeat(1_100_000) });
const asViewer = (request: RawRequest): RawRequest => ({ ...request, token: viewer });
const asText = (request: RawRequest): RawRequest => ({ ...request, headers: { 'content-type': 'text/csv' } });

type Case = readonly [what: string, request: () => RawRequest | Promise<RawRequest>, status: number];

/** What any of the doors that read a body refuses. */
const refused = (path: string, request: RawRequest): readonly Case[] => [
  [`${path}: a broken body`, () => broken(request), 400],
  [`${path}: no token`, () => withoutToken(request), 401],
  [`${path}: a viewer`, () => asViewer(request), 403],
  [`${path}: a large body`, () => large(request), 413],
  [`${path}: another media type`, () => asText(request), 415],
];

const tooMany = async (request: RawRequest): Promise<RawRequest> => {
  for (let tries = 0; tries < FEW; tries += 1) await visit.http.send('POST', '/v1/verify', { ip: IP }, { token });
  return request;
};

const unconnected = (): RawRequest =>
  gate({
    ...{ 'x-shared-key': `${pair['sharedKey']}`, 'x-secret-key': `${pair['secretKey']}` },
    ...{ 'x-forwarded-method': 'GET', 'x-forwarded-uri': '/invoices' },
  });

const cases: readonly Case[] = [
  ['verify: a valid credential', () => json('/v1/verify', { credential: key }), 200],
  ['verify: one with an application', () => json('/v1/verify', pair), 200],
  ['verify: none', () => json('/v1/verify', {}), 200],
  ['verify: a position', () => json('/v1/verify', { credential: key, minPosition: position }), 200],
  ['verify: a position to come', () => json('/v1/verify', { ...pair, minPosition: farFuture(position) }), 200],
  ...refused('verify', json('/v1/verify', {})),
  ['verify: an unknown field', () => json('/v1/verify', { key }), 422],
  ['verify: a position of another log', () => json('/v1/verify', { minPosition: `other-${'0'.repeat(16)}` }), 422],
  ['batch: several', () => json('/v1/verify/batch', { items: [{ credential: key }, pair, {}] }), 200],
  ['batch: none', () => json('/v1/verify/batch', { items: [] }), 200],
  ...refused('batch', json('/v1/verify/batch', { items: [] })),
  ['batch: too many', () => json('/v1/verify/batch', { items: Array(1_001).fill({}) }), 422],
  ['introspect: a valid credential', () => form({ token: key }), 200],
  ['introspect: a pair', () => form({ token: `${pair['sharedKey']}:${pair['secretKey']}` }), 200],
  ['introspect: an unknown one', () => form({ token: 'x', token_type_hint: 'access_token', other: 'x' }), 200],
  ...refused('introspect', form({ token: 'x' })),
  ['introspect: none', () => form({}), 422],
  ['forward-auth: a valid credential', () => gate({ 'x-api-key': key }), 200],
  ['forward-auth: none', () => gate({}, 'DELETE'), 401],
  ['forward-auth: no token', () => gate({ 'x-keyledger-token': 'x', 'x-api-key': key }), 401],
  ['forward-auth: a viewer', () => gate({ 'x-keyledger-token': viewer, 'x-api-key': key }), 403],
  ['forward-auth: an endpoint that is not connected', unconnected, 403],
  ['forward-auth: a secret as the correlation id', () => gate({ 'x-correlation-id': key, 'x-api-key': key }), 200],
  ['verify: a client that failed too often', () => tooMany(json('/v1/verify', { credential: key, ip: IP })), 429],
  ['batch: the same', () => tooMany(json('/v1/verify/batch', { items: [{ ip: IP }] })), 200],
  ['introspect: the same', () => tooMany(form({ token: key, ip: IP })), 429],
];

it.each(cases)('%s is answered as the document says', async (_, request, status) => {
  const answer = await answerTo(await request());
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status });
});

it('says of a refused credential why, and nothing of roles', async () => {
  const { body } = await answerTo(unconnected());
  expect(body).toMatchObject({
    title: 'This is not allowed',
    detail: 'ENDPOINT_NOT_CONNECTED: the credential is not connected to this endpoint.',
  });
});

it('goes on with an id of its own where a client of a gateway sends a secret for one', async () => {
  const { headers, text } = await answerTo(gate({ 'x-correlation-id': key, 'x-api-key': key }));
  expect(headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(text).not.toContain(key);
});

it('names the media types of the route where it gets another one', async () => {
  const told = [];
  for (const request of [json('/v1/verify', {}), form({ token: 'x' })]) {
    told.push((await answerTo(asText(request))).body);
  }
  expect(told).toMatchObject([
    { detail: 'Send the body as application/json in UTF-8.' },
    { detail: 'Send the body as application/x-www-form-urlencoded.' },
  ]);
});

it('tells every rule where somebody asks why, as the document says', async () => {
  const request = json('/v1/verify', { ...pair, endpoint: 'none', explain: true });
  const { status, body } = await answerTo({ ...request, token: await visit.token() });
  expect({ status, body }).toMatchObject({ status: 200, body: { rules: expect.any(Array) as unknown } });
});
