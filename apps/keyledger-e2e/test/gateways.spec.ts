import { spawnSync } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, request, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { freePort } from './harness/free-port.js';
import { gateways, recipes, startGateway, type Gateway, type RunningGateway } from './harness/gateways.js';
import { newJourney, type Journey } from './harness/journey.js';
import { startKeyledger, type KeyledgerProcess } from './harness/keyledger-process.js';
import { Visit } from './harness/shared-server.js';

let server: KeyledgerProcess;
let visit: Visit;

beforeAll(async () => {
  server = await startKeyledger({
    KEYLEDGER_LIMIT_FAILED_VERDICTS: '100/1h',
    KEYLEDGER_LIMIT_FAILED_AUTHENTICATION: 'off',
    KEYLEDGER_TRUSTED_PROXIES: '127.0.0.1',
  });
  visit = new Visit(server);
});
afterAll(async () => {
  visit.close();
  await server.remove();
});

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** The status for a client at this address, with headers that may come twice. */
const statusFor = (
  url: string,
  localAddress: string,
  headers: readonly string[],
  host = 'localhost',
): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const sent = ['host', host, ...headers];
    request(url, { headers: sent, localAddress }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });

const keyledger = (): string => server.httpUrl.replace('http://', '');

/** What came through to the application. */
interface Arrived {
  readonly headers: IncomingHttpHeaders;
  readonly variables: Readonly<Record<string, string>>;
  readonly call: string;
  readonly body: string;
}

/** The headers as an application has them by CGI or WSGI: every separator in a name is the same. */
const asVariables = ({ rawHeaders }: IncomingMessage): Readonly<Record<string, string>> => {
  const variables: Record<string, string> = {};
  rawHeaders.forEach((name, index) => {
    const value = rawHeaders[index + 1];
    if (index % 2 === 1 || value === undefined || value === '') return;
    const variable = `HTTP_${name.toUpperCase().replaceAll(/[^A-Z\d]/g, '_')}`;
    variables[variable] = [...(variables[variable]?.split(',') ?? []), value].join();
  });
  return variables;
};

const isThere = (program: string): boolean => spawnSync(program, ['-v']).error === undefined;
const isRequired = (process.env['KEYLEDGER_REQUIRE'] ?? '').split(',').includes('gateways');
const names = Object.keys(gateways).filter((name) => isRequired || isThere(gateways[name]?.program ?? ''));

it('are tried as far as they are installed', () => {
  const missing = Object.keys(gateways).filter((name) => !names.includes(name));
  if (missing.length > 0) console.warn(`Not installed, and so not tried: ${missing.join(', ')}.`);
});

it('say in their heads who checks them', () => {
  const tried = Object.values(gateways).flatMap((gateway) => gateway.recipes);
  expect(tried).toHaveLength(4);
  for (const name of tried)
    expect(readFileSync(join(recipes, name), 'utf8')).toContain('Checked by: apps/keyledger-e2e/test/gateways.spec.ts');
  for (const name of ['traefik.yml', 'envoy.yaml', 'kong.yml'])
    expect(readFileSync(join(recipes, name), 'utf8')).toContain('Checked by: nothing yet.');
});

describe.each(names)('the recipe for %s', (name) => {
  const gateway = gateways[name] as Gateway;
  const arrived: Arrived[] = [];
  const application = createServer((incoming, response) => {
    void text(incoming).then((body) => {
      const { headers, method, url } = incoming;
      arrived.push({ headers, variables: asVariables(incoming), call: `${method} ${url}`, body });
      response.end('served');
    });
  });
  /** Is asked in the place of a Keyledger that is well. */
  let refusal: { status: number; headers: Record<string, string> } = { status: 503, headers: {} };
  const unwell = createServer((_, response) => {
    response.writeHead(refusal.status, { ...refusal.headers, 'content-type': 'text/plain' }).end("Keyledger's words");
  });
  let journey: Journey;
  let running: RunningGateway;
  let notNow: RunningGateway;
  let token: string;
  let at: string;

  beforeAll(async () => {
    journey = await newJourney(visit, visit.doors[0]);
    token = await visit.token({ roles: ['verifier'] });
    at = await listen(application);
    running = await startGateway(gateway, { keyledger: keyledger(), application: at, token });
    notNow = await startGateway(gateway, { keyledger: await listen(unwell), application: at, token });
    arrived.length = 0;
  });
  afterAll(async () => {
    await running.stop();
    await notNow.stop();
    for (const server of [application, unwell]) {
      server.closeAllConnections();
      server.close();
    }
  });

  /** What a client is told: the status, the body, and the headers that say why or when. */
  const told = async (response: Response): Promise<object> => ({
    status: response.status,
    body: await response.text(),
    challenge: response.headers.get('www-authenticate'),
    retryAfter: response.headers.get('retry-after'),
    ofKeyledger: [...response.headers.keys()].filter((name) => /^(x-keyledger|ratelimit|min-position)/.test(name)),
  });
  const silent = { challenge: null, retryAfter: null, ofKeyledger: [] };
  const unauthorized = { ...silent, status: 401, body: 'Unauthorized', challenge: 'Bearer realm="api"' };
  const unavailable = { ...silent, status: 503, body: 'Service Unavailable', retryAfter: '1' };

  const issue = async (): Promise<{ key: string; credentialId: string }> => {
    const { credential, secret } = await journey.does<{
      credential: { credentialId: string };
      secret: { key: string };
    }>('CredentialService/CreateCredential', {
      type: 'api_key',
      mode: 'test',
      scopes: ['invoices:read', 'orders:read'],
    });
    return { key: secret.key, credentialId: credential.credentialId };
  };

  it('lets a key in, and tells the application whose it is, whatever the client says of itself', async () => {
    const { key, credentialId } = await issue();
    const lies = { 'X-Keyledger-Account-Id': 'acct_other', 'x-keyledger-application-id': 'app_other' };
    const response = await fetch(`${running.url}/invoices?page=2`, {
      method: 'POST',
      headers: { ...lies, 'x-api-key': key, 'X-Keyledger-Token': 'mine', 'x-keyledger-environment': 'other' },
      body: 'a body',
    });
    expect([response.status, await response.text()]).toEqual([200, 'served']);
    const { headers = {}, call, body } = arrived.at(-1) ?? {};
    expect([call, body]).toEqual(['POST /invoices?page=2', 'a body']);
    const told = Object.entries(headers).filter(([header, value]) => header.startsWith('x-keyledger-') && value !== '');
    expect(Object.fromEntries(told)).toEqual({
      'x-keyledger-code': 'VALID',
      'x-keyledger-account-id': journey.accountId,
      'x-keyledger-credential-id': credentialId,
      'x-keyledger-version': '1',
      'x-keyledger-type': 'api_key',
      'x-keyledger-mode': 'test',
      'x-keyledger-scopes': 'invoices:read orders:read',
    });
  });

  const connections = [
    ['connection', 'close, X-Keyledger-Account-Id, X-Keyledger-Mode'],
    ['connection', 'close', 'connection', 'x-keyledger-account-id', 'connection', 'X-KEYLEDGER-MODE,Forwarded'],
    ['connection', 'upgrade, x-keyledger-account-id, x-forwarded-for, x-api-key', 'upgrade', 'other'],
    ['connection', 'close'],
  ];
  const disguises = [
    ['X_Keyledger_Account_Id', 'acct_victim', 'X_Keyledger_Mode', 'live', 'X-Keyledger_Scopes', 'admin'],
    ['x_keyledger-account_id', 'acct_victim', 'X-KEYLEDGER_MODE', 'live', 'x_keyledger_environment', 'production'],
    ['X.Keyledger.Account.Id', 'acct_victim', 'x~keyledger!mode', 'live', 'X-Keyledger.Application-Id', 'app_victim'],
    ['X_Keyledger_Token', 'mine', 'X-Keyledger-Token', 'mine', 'X-Keyledger-Account-Id', 'acct_victim'],
  ];
  const names = ['X_Forwarded_For', 'X-Forwarded_For', 'X.Forwarded.For', 'X-Forwarded-For'];
  const places = [...names.flatMap((name) => [name, '192.0.2.1']), 'Forwarded', 'for=192.0.2.1'];

  it.each(connections.flatMap((connection) => disguises.map((disguise) => [connection, disguise] as const)))(
    'tells an application that reads all separators as one whose the key is, with %j and %j',
    async (connection, disguise) => {
      const { key, credentialId } = await issue();
      const before = arrived.length;
      const sent = ['x-api-key', key, ...connection, ...disguise, ...places];
      expect(await statusFor(`${running.url}/x`, '127.0.0.1', sent)).toBe(200);
      expect(arrived).toHaveLength(before + 1);
      const { variables = {} } = arrived.at(-1) ?? {};
      const told = Object.entries(variables).filter(([variable]) => /KEYLEDGER|FORWARDED(_FOR)?$/.test(variable));
      expect(Object.fromEntries(told)).toEqual({
        HTTP_X_FORWARDED_FOR: '127.0.0.1',
        HTTP_X_KEYLEDGER_CODE: 'VALID',
        HTTP_X_KEYLEDGER_ACCOUNT_ID: journey.accountId,
        HTTP_X_KEYLEDGER_CREDENTIAL_ID: credentialId,
        HTTP_X_KEYLEDGER_VERSION: '1',
        HTTP_X_KEYLEDGER_TYPE: 'api_key',
        HTTP_X_KEYLEDGER_MODE: 'test',
        HTTP_X_KEYLEDGER_SCOPES: 'invoices:read orders:read',
      });
      // It would make a gateway that is behind this one remove them.
      expect(variables['HTTP_CONNECTION'] ?? '').not.toMatch(/x-/i);
    },
  );

  const upgrades = name === 'nginx' ? 'lets no WebSocket pass' : 'lets a WebSocket pass';
  it(`${upgrades}, and tells the application whose the key is`, async () => {
    const { key } = await issue();
    const sockets = createServer(({ headers }, response) => response.end(headers['x-keyledger-account-id']));
    sockets.on('upgrade', ({ headers }, socket) => {
      const accept = createHash('sha1').update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
      const head = ['connection: upgrade', 'upgrade: websocket', `sec-websocket-accept: ${accept.digest('base64')}`];
      const told = `told: ${String(headers['x-keyledger-account-id'])}`;
      socket.end(['HTTP/1.1 101 Switching Protocols', ...head, told, '', ''].join('\r\n'));
    });
    const between = await startGateway(gateway, { keyledger: keyledger(), application: await listen(sockets), token });
    const socketKey = ['sec-websocket-key', randomBytes(16).toString('base64'), 'sec-websocket-version', '13'];
    const upgrade = ['upgrade', 'websocket', 'connection', 'Upgrade, X-Keyledger-Account-Id', ...socketKey];
    const asked = [...upgrade, 'x-api-key', key];
    const told = await new Promise((resolve, reject) => {
      request(between.url, { headers: ['host', 'localhost', ...asked] })
        .on('upgrade', ({ headers }, socket) => {
          socket.destroy();
          resolve(['WebSocket', headers['told']]);
        })
        .on('response', (response) => resolve(text(response).then((body) => ['none', body])))
        .on('error', reject)
        .end();
    });
    await between.stop();
    sockets.closeAllConnections();
    sockets.close();
    expect(told).toEqual([name === 'nginx' ? 'none' : 'WebSocket', journey.accountId]);
  });

  it('answers 401 to none, two, and one that is revoked', async () => {
    const { key, credentialId } = await issue();
    const before = arrived.length;
    const headers = [{}, { 'x-api-key': key, 'x-auth-token': key }, { authorization: 'Bearer nonsense' }];
    for (const each of headers) {
      const response = await fetch(running.url, { headers: each as Record<string, string> });
      expect(await told(response)).toEqual(unauthorized);
    }
    await journey.does('CredentialService/RevokeCredential', { credentialId });
    expect(await told(await fetch(running.url, { headers: { 'x-api-key': key } }))).toEqual(unauthorized);
    expect(arrived).toHaveLength(before);
  });

  it('asks about the call that the client makes', async () => {
    const endpointId = `ep-${randomUUID()}`;
    const added = { endpointId, method: 'PUT', path: `/${endpointId}/{id}`, status: 'active' };
    const { endpoints } = await journey.does<{ endpoints: readonly object[] }>('CatalogueService/GetApiEndpoints');
    await journey.does('CatalogueService/ReplaceApiEndpoints', { endpoints: [...endpoints, added] });
    const { secret } = await journey.does<{ secret: { sharedKey: string; secretKey: string } }>(
      'ApplicationService/RegisterApplication',
      { title: 'Portal', endpointIds: [endpointId], generateKeys: { environment: 'staging' } },
    );
    const headers = { 'x-shared-key': secret.sharedKey, 'x-secret-key': secret.secretKey };
    const lie = { 'x-forwarded-method': 'PUT', 'x-forwarded-uri': `/${endpointId}/1` };
    const calls = [
      await fetch(`${running.url}/${endpointId}/1?page=2`, { method: 'PUT', headers }),
      await fetch(`${running.url}/${endpointId}/1`, { method: 'POST', headers: { ...headers, ...lie } }),
      await fetch(`${running.url}/${endpointId}`, { method: 'PUT', headers: { ...headers, ...lie } }),
    ];
    expect(calls.map(({ status }) => status)).toEqual([200, 403, 403]);
    expect(await told(calls[1] as Response)).toEqual({ ...silent, status: 403, body: 'Forbidden' });
    expect(arrived.at(-1)?.headers).toMatchObject({ 'x-keyledger-environment': 'staging' });
  });

  it('tells where the client is, whatever the client says of that', async () => {
    const { authToken } = await journey.does<{ authToken: string }>('ApiAccessService/EnableApiAccess');
    await journey.does('ApiAccessService/SetIpAllowlist', { cidrs: ['127.0.0.2/32'] });
    const token = ['x-auth-token', authToken];
    const lies = ['x-forwarded-for', '127.0.0.2', 'forwarded', 'for=127.0.0.2', 'x-real-ip', '127.0.0.2'];
    expect(await statusFor(running.url, '127.0.0.2', token)).toBe(200);
    expect(await statusFor(running.url, '127.0.0.3', token)).toBe(403);
    expect(await statusFor(running.url, '127.0.0.3', [...token, ...lies])).toBe(403);
  });

  it('takes Authorization twice for two credentials, or for the first alone, but never for another', async () => {
    const { key } = await issue();
    const both = ['authorization', 'Bearer nonsense', 'authorization', `Bearer ${key}`];
    const status = await statusFor(running.url, '127.0.0.1', both);
    expect([400, 401]).toContain(status);
  });

  it.each<[string, number, Record<string, string>, object]>([
    [
      'the limit on clients',
      429,
      { 'retry-after': '60', 'ratelimit-policy': '"failed-verdicts";q=200;w=60' },
      { status: 429, body: 'Too Many Requests', retryAfter: '60' },
    ],
    ['"not now"', 503, { 'retry-after': '7', 'x-keyledger-code': 'STALE' }, { retryAfter: '7' }],
    ['503 without a time', 503, {}, {}],
    ['the limit on itself', 429, { 'retry-after': '60', 'ratelimit-policy': '"reads";q=1;w=60' }, { retryAfter: '60' }],
    ['a failure', 500, { 'x-keyledger-code': 'VALID' }, {}],
    ['401 that is not about the client', 401, { 'www-authenticate': 'Bearer error="invalid_token"' }, {}],
    ['403 that is not about the client', 403, {}, {}],
    ['404', 404, {}, {}],
  ])('makes of %s what it means for the client', async (_, status, headers, expected) => {
    refusal = { status, headers };
    const before = arrived.length;
    const response = await fetch(notNow.url, { headers: { 'x-api-key': 'key' } });
    expect(await told(response)).toEqual({ ...unavailable, ...expected });
    expect(arrived).toHaveLength(before);
  });

  it('answers 429 to a client whose credentials are refused again and again', async () => {
    const statuses = new Set<number | undefined>();
    for (let asked = 0; asked <= 100 && !statuses.has(429); asked += 1)
      statuses.add(await statusFor(running.url, '127.0.0.9', ['x-api-key', 'guess']));
    expect([...statuses].at(-1)).toBe(429);
  });

  it.each(['', 'no-token'])('says "not now" where Keyledger does not take its own token: "%s"', async (wrong) => {
    const { key } = await issue();
    const stranger = await startGateway(gateway, { keyledger: keyledger(), application: at, token: wrong });
    const before = arrived.length;
    const answers = [await fetch(stranger.url, { headers: { 'x-api-key': key } }), await fetch(stranger.url)];
    const all = await Promise.all(answers.map(told));
    await stranger.stop();
    expect(all).toEqual([unavailable, unavailable]);
    expect(arrived).toHaveLength(before);
  });

  it('lets nobody in where nobody can be asked', async () => {
    const { key } = await issue();
    const unasked = `127.0.0.1:${await freePort()}`;
    const nobody = await startGateway(gateway, { keyledger: unasked, application: at, token });
    const before = arrived.length;
    const answer = await told(await fetch(nobody.url, { headers: { 'x-api-key': key } }));
    await nobody.stop();
    expect(answer).toEqual(unavailable);
    expect(arrived).toHaveLength(before);
  });

  it('leaves the errors of the application as they are', async () => {
    const { key } = await issue();
    const absent = `127.0.0.1:${await freePort()}`;
    const alone = await startGateway(gateway, { keyledger: keyledger(), application: absent, token });
    const response = await fetch(alone.url, { headers: { 'x-api-key': key } });
    const body = await response.text();
    await alone.stop();
    expect([response.status, body]).toEqual([name === 'HAProxy' ? 503 : 502, expect.not.stringMatching(/^Service/)]);
  });
});

(names.includes('nginx') ? it : it.skip)('the recipe for nginx sends the token to Keyledger alone', async () => {
  const asked: IncomingHttpHeaders[] = [];
  const other = createServer(({ headers }, response) => {
    asked.push(headers);
    response.end();
  });
  const address = await listen(other);
  const token = 'a-token';
  const nginx = await startGateway(gateways['nginx'] as Gateway, { keyledger: address, application: address, token });
  asked.length = 0;
  for (const host of ['localhost', 'other.test']) await statusFor(nginx.url, '127.0.0.1', [], host);
  await nginx.stop();
  other.closeAllConnections();
  other.close();
  expect(asked.map((headers) => headers['x-keyledger-token'])).toEqual([token, undefined, undefined]);
});

(names.includes('HAProxy') ? it : it.skip)('the recipe for HAProxy asks for the URL of Keyledger', async () => {
  const nowhere = { keyledger: '', application: 'localhost:1', token: '' };
  await expect(startGateway(gateways['HAProxy'] as Gateway, nowhere)).rejects.toThrow('KEYLEDGER_URL is not set. Put');
});
