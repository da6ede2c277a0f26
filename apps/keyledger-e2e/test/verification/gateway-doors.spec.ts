import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { status } from '@grpc/grpc-js';
import type { IssuedCredentialReply } from '@keyledger/contract';
import { createDatabase, TcpProxy, type TestDatabase } from '@keyledger/testing';
import { checkAnswer } from '../harness/documented.js';
import { eventually } from '../harness/eventually.js';
import { HttpClient, type HttpReply } from '../harness/http-client.js';
import { newJourney, type Journey } from '../harness/journey.js';
import { startKeyledger, type KeyledgerProcess } from '../harness/keyledger-process.js';
import { jsonLines } from '../harness/program.js';
import { sendRaw, type RawHttpRequest } from '../harness/raw-http.js';
import { Visit } from '../harness/shared-server.js';
import { everythingFrom, openSocket } from '../harness/sockets.js';
import { ExtAuthzClient, type Checked, type ClientRequest } from './ext-authz-client.js';

const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');
const FEW = 5;
const TRUSTED = '127.0.0.2';

let database: TestDatabase;
let way: TcpProxy;
let server: KeyledgerProcess;
let visit: Visit;
let token: string;
let journey: Journey;
let key: string;
let envoy: ExtAuthzClient;

beforeAll(async () => {
  database = await createDatabase();
  way = await TcpProxy.before(database.url);
  server = await startKeyledger({
    ...{ KEYLEDGER_DATABASE_URL: way.url, KEYLEDGER_MASTER_KEY: MASTER_KEY, KEYLEDGER_LOCAL_ISSUER: 'true' },
    ...{ KEYLEDGER_TRUSTED_PROXIES: '127.0.0.1', KEYLEDGER_LIMIT_FAILED_VERDICTS: `${FEW}/1h` },
    ...{ KEYLEDGER_TRUSTED_GATEWAYS: `${TRUSTED}, 10.0.0.0/8`, KEYLEDGER_VERIFIER_MAX_AGE: '4s' },
  });
  visit = new Visit(server);
  token = await visit.token({ roles: ['verifier'] });
  envoy = new ExtAuthzClient(server.grpcAddress, token);
  journey = await newJourney(visit, visit.doors[0]);
  const fields = { type: 'api_key', mode: 'test' };
  const { secret } = await journey.does<IssuedCredentialReply>('CredentialService/CreateCredential', fields);
  key = `${secret['key']}`;
});

afterAll(async () => {
  envoy.close();
  visit.close();
  await server.remove();
  await way.close();
  await database.drop();
});

let clients = 0;

/** An end client that has shown nothing yet. */
const newClient = (): string => `203.0.113.${(clients += 1)}`;

const forwardAuth = async (headers: Record<string, string>, from = newClient()): Promise<HttpReply> => {
  const told = { 'x-keyledger-token': token, 'x-forwarded-for': from, ...headers };
  const answer = await visit.http.get('/v1/forward-auth', { headers: told });
  await checkAnswer(visit.http, 'GET /v1/forward-auth', answer);
  return answer;
};

const check = (headers: Record<string, string>, more: Partial<ClientRequest> = {}): Promise<Checked> =>
  envoy.check({ headers, from: newClient(), ...more });

describe('a gateway without a token', () => {
  /** As from a machine of the trusted network. */
  let elsewhere: Server;
  const through = async (target: string): Promise<string> => {
    const { hostname, port } = new URL(`http://${target}`);
    elsewhere = createServer((socket) => {
      const out = connect({ host: hostname, port: Number(port), localAddress: TRUSTED });
      socket.pipe(out).pipe(socket);
      for (const each of [socket, out]) each.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    return `127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  };
  afterEach(() => void elsewhere?.close());

  const introspect = (http: HttpClient, headers: Record<string, string> = {}): Promise<HttpReply> => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const sent = { method: 'POST', path: '/oauth2/introspect', body: new URLSearchParams({ token: key }).toString() };
    return http.raw({ ...sent, headers: { ...form, ...headers } });
  };

  it('is let in from a trusted network, over HTTP', async () => {
    const http = new HttpClient(`http://${await through(new URL(server.httpUrl).host)}`);
    const passed = await http.get('/v1/forward-auth', { headers: { 'x-api-key': key } });
    expect([passed.status, passed.headers.get('x-keyledger-account-id')]).toEqual([200, journey.accountId]);
    expect((await introspect(http)).body).toMatchObject({ active: true, sub: journey.accountId });
    // A token that is there has to be good, and everything else still needs one.
    const mine = { 'x-api-key': key, 'x-keyledger-token': 'mine' };
    expect((await http.get('/v1/forward-auth', { headers: mine })).status).toBe(401);
    for (const path of ['/v1/verify', '/v1/accounts']) expect((await http.post(path, {})).status).toBe(401);
  });

  it('is let in from a trusted network, over gRPC', async () => {
    const trusted = new ExtAuthzClient(await through(server.grpcAddress), null);
    const checked = await trusted.check({ headers: { 'x-api-key': key } });
    trusted.close();
    expect([checked.code, checked.headers['x-keyledger-account-id']]).toEqual([status.OK, journey.accountId]);
  });

  it('is not taken for the end client whose failures count, where it is no proxy that we know', async () => {
    const http = new HttpClient(`http://${await through(new URL(server.httpUrl).host)}`);
    for (let tries = 0; tries <= FEW; tries += 1) {
      const headers = { 'x-api-key': 'no', 'x-forwarded-for': '203.0.113.250' };
      expect((await http.get('/v1/forward-auth', { headers })).status).toBe(401);
    }
    expect((await http.get('/v1/forward-auth', { headers: { 'x-api-key': key } })).status).toBe(200);
  });

  it('is refused from anywhere else, whatever its headers say', async () => {
    const lies = [{}, { 'x-forwarded-for': TRUSTED }, { 'x-forwarded-for': '10.0.0.1', forwarded: 'for=10.0.0.1' }];
    for (const lie of lies) {
      const headers = { 'x-api-key': key, ...lie } as Record<string, string>;
      expect((await visit.http.get('/v1/forward-auth', { headers })).status).toBe(401);
      const { status: refused, headers: said } = await introspect(visit.http, lie as Record<string, string>);
      expect([refused, said.get('www-authenticate')]).toEqual([401, expect.stringContaining('Basic')]);
    }
    const stranger = new ExtAuthzClient(server.grpcAddress, null);
    const asClient = stranger.check({ headers: { 'x-api-key': key, 'x-keyledger-token': token }, from: TRUSTED });
    await expect(asClient).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
    stranger.close();
  });
});

describe('Envoy', () => {
  it('is told whose the credential is, and to remove what only a client can have sent', async () => {
    const lies = { 'x-keyledger-account-id': 'mine', 'x-keyledger-mode': 'live', 'x-keyledger-other': 'mine' };
    const { code, headers, removed } = await check({ 'x-api-key': key, 'x-keyledger-environment': 'mine', ...lies });
    expect({ code, headers }).toMatchObject({
      code: status.OK,
      headers: { 'x-keyledger-code': 'VALID', 'x-keyledger-account-id': journey.accountId, 'x-keyledger-mode': 'test' },
    });
    const toRemove = ['application-id', 'environment', 'other', 'token'].map((name) => `x-keyledger-${name}`);
    expect(removed).toEqual(expect.arrayContaining(toRemove));
    // Envoy removes last: what it was just told to set would go as well.
    expect(removed.filter((name) => name in headers)).toEqual([]);
  });

  it('is told why a client is refused, in the words of the other doors', async () => {
    const refused = await check({ authorization: `Bearer ${key.slice(0, -1)}` });
    expect([refused.code, refused.httpStatus]).toEqual([status.UNAUTHENTICATED, 401]);
    expect(refused.headers).toMatchObject({
      'x-keyledger-code': 'MALFORMED',
      'www-authenticate': 'Bearer realm="api"',
    });
    expect(JSON.parse(refused.body)).toMatchObject({ status: 401, code: 'unauthenticated' });
    const { authToken } = await journey.does<{ authToken: string }>('ApiAccessService/EnableApiAccess');
    await journey.does('ApiAccessService/SetIpAllowlist', { cidrs: ['192.0.2.0/24'] });
    const elsewhere = await check({ 'x-auth-token': authToken, 'x-forwarded-for': '192.0.2.1' });
    expect([elsewhere.code, elsewhere.httpStatus]).toEqual([status.PERMISSION_DENIED, 403]);
    expect((await check({ 'x-auth-token': authToken }, { from: '192.0.2.1' })).code).toBe(status.OK);
  });

  it('passes on headers raw, or those that came several times as one', async () => {
    const raw = (...rawHeaders: [string, string][]): Promise<Checked> => check({}, { rawHeaders });
    expect((await raw(['x-api-key', key])).code).toBe(status.OK);
    const twice = [await raw(['x-api-key', key], ['x-api-key', key]), await check({ 'x-api-key': `${key},${key}` })];
    twice.push(await check({ authorization: `Bearer ${key},` }));
    expect(twice.map(({ headers }) => headers['x-keyledger-code'])).toEqual(twice.map(() => 'MALFORMED'));
  });
});

test('Basic carries a pair, and nothing beside it', async () => {
  const fields = { type: 'client_credentials', name: 'billing' };
  const { secret } = await journey.does<IssuedCredentialReply>('CredentialService/CreateCredential', fields);
  const pair = Buffer.from(`${secret['clientId']}:${secret['clientSecret']}`).toString('base64');
  const alone = Buffer.from(key).toString('base64');
  const codes = [];
  for (const text of [pair, `${pair},`, `${pair}!`, pair.replace(/.$/, '!$&'), alone]) {
    const authorization = `Basic ${text}`;
    const [http, grpc] = [await forwardAuth({ authorization }), await check({ authorization })];
    codes.push([http.headers.get('x-keyledger-code'), grpc.headers['x-keyledger-code']]);
  }
  const malformed = ['MALFORMED', 'MALFORMED'];
  expect(codes).toEqual([['VALID', 'VALID'], malformed, malformed, malformed, malformed]);
});

describe('the request of a client at /v1/forward-auth', () => {
  const shown = (): Record<string, string> => ({ 'x-keyledger-token': token, 'x-api-key': key, host: 'localhost' });
  const send = (asked: Omit<RawHttpRequest, 'path'>) => sendRaw(server.httpUrl, { path: '/v1/forward-auth', ...asked });

  it.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'REPORT'])(
    'may be a %s',
    async (method) => {
      const { status: answered, headers } = await send({ method, headers: shown() });
      expect([answered, headers['x-keyledger-code']]).toEqual([200, 'VALID']);
    },
  );

  it('may bring a body of any type and any size, which is not read', async () => {
    const large = Buffer.alloc(3_000_000, '{');
    for (const type of ['application/json', 'text/csv', 'not a type', 'application/json; charset=latin1', '']) {
      for (const body of [Buffer.from('{"half":'), large]) {
        const { status: answered } = await send({
          method: 'POST',
          headers: { ...shown(), 'content-type': type },
          body,
        });
        expect({ type, length: body.length, answered }).toMatchObject({ answered: 200 });
      }
    }
    const expecting = { ...shown(), expect: '100-continue' };
    expect((await send({ method: 'PUT', headers: expecting, body: Buffer.from('body') })).status).toBe(200);
  });

  it('may have a length and no body, as gateways send it that leave the body out', async () => {
    const lines = Object.entries({ ...shown(), 'content-length': '500' }).map(
      ([name, value]) => `${name}: ${value}\r\n`,
    );
    const { port } = new URL(server.httpUrl);
    const said = await everythingFrom(await openSocket(port, `GET /v1/forward-auth HTTP/1.1\r\n${lines.join('')}\r\n`));
    expect(said).toMatch(/^HTTP\/1\.1 200 /);
    expect(said).toMatch(/^connection: close/im);
  });
});

describe('"not now" does not look like "never"', () => {
  it('where an end client has shown too many credentials that were refused', async () => {
    const from = newClient();
    for (let tries = 0; tries < FEW; tries += 1)
      expect((await forwardAuth({ 'x-api-key': 'no' }, from)).status).toBe(401);
    const limited = await forwardAuth({ 'x-api-key': key }, from);
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(60);
    const checked = await check({ 'x-api-key': key }, { from });
    expect([checked.code, checked.httpStatus]).toEqual([status.RESOURCE_EXHAUSTED, 429]);
    expect(Number(checked.headers['retry-after'])).toBeGreaterThan(60);
    // Nobody else is counted with it, and nobody where no address was given.
    expect((await forwardAuth({ 'x-api-key': key })).status).toBe(200);
    for (let tries = 0; tries <= FEW; tries += 1) {
      expect((await check({ 'x-api-key': 'no' }, { from: null })).httpStatus).toBe(401);
    }
  });

  it('where the verifier cannot hear the log', async () => {
    const stale = async (): Promise<[HttpReply, Checked]> => [
      await forwardAuth({ 'x-api-key': key }),
      await check({ 'x-api-key': key }),
    ];
    way.behaviour = 'frozen';
    try {
      const [http, grpc] = await eventually(async () => {
        const both = await stale();
        return both[0].status === 503 && both[1].httpStatus === 503 ? { answer: both, seen: 503 } : { seen: both };
      });
      expect([http.headers.get('x-keyledger-code'), http.headers.get('retry-after')]).toEqual(['STALE', '1']);
      expect([grpc.code, grpc.headers['x-keyledger-code'], grpc.headers['retry-after']]).toEqual([
        ...[status.UNAVAILABLE, 'STALE', '1'],
      ]);
    } finally {
      way.behaviour = 'open';
      way.cut();
    }
  });
});

describe('the log', () => {
  const lines = () => jsonLines(server.output.stdout);
  const requestsSince = (start: number) =>
    lines()
      .slice(start)
      .filter(({ msg }) => msg === 'Request');

  const untilThere = (find: () => readonly object[]) =>
    eventually(async () => ({ ...(find().length > 0 ? { answer: true } : {}), seen: lines().slice(-5) }));

  it('has no line for a verdict, whatever it is, and one for a request of the API that is refused', async () => {
    const start = lines().length;
    for (let tries = 0; tries < 3; tries += 1) {
      expect((await forwardAuth({ 'x-api-key': 'no' })).status).toBe(401);
      expect((await check({ 'x-api-key': 'no' })).httpStatus).toBe(401);
    }
    for (const body of [{ unknown: 1 }, '{']) {
      expect((await visit.http.send('POST', '/v1/verify', body, { token })).status).toBeGreaterThan(399);
    }
    expect((await visit.http.post('/oauth2/introspect', {}, { token })).status).toBe(415);
    const [, grpc] = visit.doors;
    const malformed = await grpc.call('VerificationService/Verify', { minPosition: 'x' }, { token });
    expect(malformed.code).toBe('invalid-request');
    expect((await visit.http.get('/v1/accounts/none', { token })).status).toBe(404);
    await untilThere(() => requestsSince(start));
    expect(requestsSince(start)).toEqual([
      expect.objectContaining({ level: 'info', operation: 'GET /v1/accounts/:accountId', status: '404' }),
    ]);
  });

  it('names what a caller with a bad token asked for', async () => {
    const from = newClient();
    await forwardAuth({ 'x-keyledger-token': 'bad' }, from);
    const denied = () => lines().filter(({ ip }) => ip === from);
    await untilThere(denied);
    expect(denied()).toMatchObject([{ reason: 'unauthenticated', operation: 'GET /v1/forward-auth' }]);
  });

  it('joins the lines of verdicts that are STALE', async () => {
    way.behaviour = 'frozen';
    try {
      let stale = 0;
      await eventually(async () => {
        const { status: seen } = await forwardAuth({ 'x-api-key': key });
        stale += seen === 503 ? 1 : 0;
        return stale < 20 ? { seen } : { seen, answer: true };
      });
    } finally {
      way.behaviour = 'open';
      way.cut();
    }
    const told = lines().filter(({ msg }) => /^A verdict is STALE/.test(String(msg)));
    expect(told[0]).toMatchObject({ level: 'warn', context: 'verifier' });
    expect(told.length).toBeLessThan(10);
    expect(lines().filter(({ status: answered }) => answered === '503')).toEqual([]);
  });
});
