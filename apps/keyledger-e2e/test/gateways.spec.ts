import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { eventually } from './harness/eventually.js';
import { freePort } from './harness/free-port.js';
import { newJourney, type Journey } from './harness/journey.js';
import { startKeyledger, type KeyledgerProcess } from './harness/keyledger-process.js';
import { Visit } from './harness/shared-server.js';

const recipes = fileURLToPath(new URL('../../../deploy/gateways/', import.meta.url));
let server: KeyledgerProcess;
let visit: Visit;

beforeAll(async () => {
  server = await startKeyledger({ KEYLEDGER_LIMIT_FAILED_VERDICTS: 'off', KEYLEDGER_TRUSTED_PROXIES: '127.0.0.1' });
  visit = new Visit(server);
});
afterAll(async () => {
  visit.close();
  await server.remove();
});

/** Where a recipe leads, in the place of what it names. */
interface Wiring {
  readonly port: number;
  readonly keyledger: string;
  readonly application: string;
  readonly token: string;
}

const wired = (file: string, { port, keyledger, application }: Wiring): string =>
  readFileSync(join(recipes, file), 'utf8')
    .replaceAll('8080', `${port}`)
    .replaceAll('127.0.0.1:3000', keyledger)
    .replaceAll('127.0.0.1:8081', application);

interface Gateway {
  readonly program: string;
  readonly args: readonly string[];
  readonly files: (wiring: Wiring, folder: string) => Readonly<Record<string, string>>;
}

const temporary = ['client_body', 'proxy', 'fastcgi', 'scgi', 'uwsgi'];

/** The block around the recipe, without what a test may not write to. */
const nginxMain = (folder: string): string => `
  daemon off; master_process off; pid ${folder}/pid; error_log stderr crit; events {}
  http {
    access_log off;
    ${temporary.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ')}
    include ${folder}/nginx.conf;
  }`;

const gateways: Readonly<Record<string, Gateway>> = {
  nginx: {
    program: 'nginx',
    args: ['-p', '.', '-e', 'stderr', '-c', 'main.conf'],
    files: (wiring, folder) => ({
      'nginx.conf': wired('nginx.conf', wiring),
      'keyledger-token.conf': `proxy_set_header X-Keyledger-Token "${wiring.token}";`,
      'main.conf': nginxMain(folder),
    }),
  },
  Caddy: {
    program: 'caddy',
    args: ['run', '--adapter', 'caddyfile', '--config', 'Caddyfile'],
    files: (wiring) => ({ Caddyfile: `{\n\tadmin off\n}\n${wired('Caddyfile', wiring)}` }),
  },
  HAProxy: {
    program: 'haproxy',
    args: ['-db', '-f', 'haproxy.cfg'],
    files: (wiring) => ({
      'haproxy.cfg': wired('haproxy.cfg', wiring),
      'keyledger.lua': wired('keyledger.lua', wiring),
    }),
  },
};

interface Running {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const start = async ({ program, args, files }: Gateway, wiring: Omit<Wiring, 'port'>): Promise<Running> => {
  const folder = mkdtempSync(join(tmpdir(), `keyledger-gateway-${process.pid}-`));
  const port = await freePort();
  for (const [name, content] of Object.entries(files({ ...wiring, port }, folder)))
    writeFileSync(join(folder, name), content);
  const { PATH } = process.env;
  const env = { PATH, HOME: folder, KEYLEDGER_TOKEN: wiring.token, KEYLEDGER_URL: `http://${wiring.keyledger}` };
  const process_ = spawn(program, args, { cwd: folder, env });
  let output = '';
  for (const stream of [process_.stdout, process_.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => {
    if (process_.exitCode !== null) throw new Error(`${program} ended with ${process_.exitCode}.\n${output}`);
    const answers = await fetch(url).then(
      (response) => response.text().then(() => true),
      () => false,
    );
    return { seen: output, ...(answers ? { answer: true } : {}) };
  });
  const stop = async (): Promise<void> => {
    process_.kill('SIGKILL');
    await once(process_, 'exit');
    rmSync(folder, { recursive: true });
  };
  return { url, stop };
};

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** The status for a client at this address, with headers that may come twice. */
const statusFor = (url: string, localAddress: string, headers: readonly string[]): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const sent = ['host', 'localhost', ...headers];
    request(url, { headers: sent, localAddress }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });

/** What came through to the application. */
interface Arrived {
  readonly headers: IncomingHttpHeaders;
  readonly call: string;
  readonly body: string;
}

const isThere = (program: string): boolean => spawnSync(program, ['-v']).error === undefined;
const isRequired = (process.env['KEYLEDGER_REQUIRE'] ?? '').split(',').includes('gateways');
const names = Object.keys(gateways).filter((name) => isRequired || isThere(gateways[name]?.program ?? ''));

it('are tried as far as they are installed', () => {
  const missing = Object.keys(gateways).filter((name) => !names.includes(name));
  if (missing.length > 0) console.warn(`Not installed, and so not tried: ${missing.join(', ')}.`);
});

it('say in their heads who checks them', () => {
  const heads = Object.values(gateways).flatMap(({ files }) => {
    const nothing = { port: 0, keyledger: '', application: '', token: '' };
    return Object.entries(files(nothing, '')).filter(([name]) => !/^(main|keyledger-token)\.conf$/.test(name));
  });
  expect(heads).toHaveLength(4);
  for (const [, recipe] of heads) expect(recipe).toContain('Checked by: apps/keyledger-e2e/test/gateways.spec.ts');
  for (const name of ['traefik.yml', 'envoy.yaml', 'kong.yml'])
    expect(readFileSync(join(recipes, name), 'utf8')).toContain('Checked by: nothing yet.');
});

describe.each(names)('the recipe for %s', (name) => {
  const gateway = gateways[name] as Gateway;
  const arrived: Arrived[] = [];
  const application = createServer((incoming, response) => {
    void text(incoming).then((body) => {
      arrived.push({ headers: incoming.headers, call: `${incoming.method} ${incoming.url}`, body });
      response.end('served');
    });
  });
  /** Is asked in the place of a Keyledger that is well. */
  let refusal = { status: 503, retryAfter: '7' };
  const unwell = createServer((_, response) => {
    response.writeHead(refusal.status, { 'retry-after': refusal.retryAfter }).end();
  });
  let journey: Journey;
  let running: Running;
  let notNow: Running;

  beforeAll(async () => {
    journey = await newJourney(visit, visit.doors[0]);
    const token = await visit.token({ roles: ['verifier'] });
    const at = await listen(application);
    running = await start(gateway, { keyledger: server.httpUrl.replace('http://', ''), application: at, token });
    notNow = await start(gateway, { keyledger: await listen(unwell), application: at, token });
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
    const { headers, ...rest } = arrived.at(-1) ?? { headers: {} };
    expect(rest).toEqual({ call: 'POST /invoices?page=2', body: 'a body' });
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

  it('answers 401 to none, two, and one that is revoked', async () => {
    const { key, credentialId } = await issue();
    const before = arrived.length;
    const headers = [{}, { 'x-api-key': key, 'x-auth-token': key }, { authorization: 'Bearer nonsense' }];
    for (const each of headers) {
      const response = await fetch(running.url, { headers: each as Record<string, string> });
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([
        401,
        expect.stringMatching(/^Bearer/),
      ]);
    }
    await journey.does('CredentialService/RevokeCredential', { credentialId });
    expect((await fetch(running.url, { headers: { 'x-api-key': key } })).status).toBe(401);
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

  it.each([
    [429, '60'],
    [503, '7'],
  ])('passes on %d, and when to come again', async (status, retryAfter) => {
    refusal = { status, retryAfter };
    const before = arrived.length;
    const response = await fetch(notNow.url, { headers: { 'x-api-key': 'key' } });
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, retryAfter]);
    expect(arrived).toHaveLength(before);
  });

  it('lets nobody in where nobody can be asked', async () => {
    const { key } = await issue();
    const nobody = await start(gateway, {
      keyledger: `127.0.0.1:${await freePort()}`,
      application: 'localhost:1',
      token: 'a',
    });
    const before = arrived.length;
    const { status } = await fetch(nobody.url, { headers: { 'x-api-key': key } });
    await nobody.stop();
    expect([502, 503]).toContain(status);
    expect(arrived).toHaveLength(before);
  });
});
