import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { problemCodes, type Problem } from '@keyledger/contract';
import { freePort } from './harness/free-port.js';
import { startGateway, type Gateway, type RunningGateway } from './harness/gateways.js';
import { startKeyledger } from './harness/keyledger-process.js';
import { sendRaw, type RawHttpReply } from './harness/raw-http.js';
import { sharedServer } from './harness/shared-server.js';
import { everythingFrom, openSocket } from './harness/sockets.js';

const visit = sharedServer();
afterAll(() => visit.close());

const configuration = readFileSync(fileURLToPath(new URL('../../../deploy/gateway.conf', import.meta.url)), 'utf8');

/** The gateway's own configuration, without its network: `keyledger` is every service. */
const itself = (grpcPort: number): Gateway => ({
  program: 'nginx',
  args: (folder) => ['-p', folder, '-e', 'stderr', '-c', join(folder, 'gateway.conf')],
  recipes: [],
  files: ({ port, folder, keyledger }) => ({
    'gateway.conf': configuration
      .replace('worker_processes auto;', 'daemon off; master_process off;')
      .replaceAll(' /tmp/', ` ${folder}/`)
      .replace('listen 3000;', `listen 127.0.0.1:${port};`)
      .replace('listen 50051 ', `listen 127.0.0.1:${grpcPort} `)
      .replaceAll(/http:\/\/\$\w+:3000/g, `http://${keyledger}`),
  }),
});

const isRequired = (process.env['KEYLEDGER_REQUIRE'] ?? '').split(',').includes('gateways');
const isThere = isRequired || spawnSync('nginx', ['-v']).error === undefined;
if (!isThere) console.warn('NOT RUN: deploy/gateway.conf, because nginx is not installed.');

const start = async (keyledger: string): Promise<RunningGateway> =>
  startGateway(itself(await freePort()), { keyledger, application: '', token: '' });

/** Status, code and `Allow` of what must be a problem with all that our answers have. */
const refusal = ({ status, headers, text }: RawHttpReply): readonly unknown[] => {
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-correlation-id': expect.stringMatching(/^[\w.:-]{1,128}$/) as string,
    'cache-control': 'no-store',
  });
  const problem = JSON.parse(text) as Problem;
  const { title } = problemCodes[problem.code];
  expect(problem).toMatchObject({ type: `urn:keyledger:problem:${problem.code}`, title, status, errors: [] });
  return [status, problem.code, headers.allow];
};

const whole = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
const long = 'a'.repeat(20_000);
const host = { host: 'x' };
/** nginx closes connections on which it was sent what it does not take. */
const once = new Agent({ keepAlive: false });

(isThere ? describe : describe.skip)('deploy/gateway.conf, run by nginx', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await start(visit.server.httpUrl.replace('http://', ''));
  });
  afterAll(() => gateway.stop());

  const ask = (method: string, path: string, headers: Readonly<Record<string, string>> = {}, body?: Buffer) =>
    sendRaw(gateway.url, { method, path, headers: { ...host, ...headers }, ...(body && { body }) }, once);

  /** The answer to a head that no client of HTTP would send. */
  const answerTo = async (head: string): Promise<RawHttpReply> => {
    const said = await everythingFrom(await openSocket(new URL(gateway.url).port, head));
    const [lines = '', text = ''] = said.split('\r\n\r\n');
    const [first = '', ...fields] = lines.split('\r\n');
    const headers = Object.fromEntries(
      fields.map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 2)]),
    );
    return { status: Number(first.split(' ')[1]), headers, text };
  };

  test.each<readonly [string, string, Readonly<Record<string, string>>, readonly unknown[]]>([
    ['TRACE', '/v1/position', {}, [405, 'method-not-allowed', whole]],
    ['POST', '/', {}, [405, 'method-not-allowed', 'GET, HEAD']],
    ['POST', '/?a=b', {}, [405, 'method-not-allowed', 'GET, HEAD']],
    ['OPTIONS', '/', {}, [405, 'method-not-allowed', 'GET, HEAD']],
    ['DELETE', '/health/live', {}, [405, 'method-not-allowed', 'GET, HEAD']],
    ['TRACE', '/health/live', {}, [405, 'method-not-allowed', 'GET, HEAD']],
    ['GET', '/nothing', {}, [404, 'not-found', undefined]],
    ['GET', '/metrics', {}, [404, 'not-found', undefined]],
    ['PUT', '/too-large', {}, [404, 'not-found', undefined]],
    ['GET', `/v1/${long}`, {}, [413, 'too-large', undefined]],
    ['GET', '/v1/position', { 'x-long': long }, [413, 'too-large', undefined]],
    ['GET', '/v1/%zz', {}, [400, 'malformed-request', undefined]],
    ['POST', '/v1/accounts', { 'transfer-encoding': 'gzip' }, [400, 'malformed-request', undefined]],
    ['GET', '/', { 'if-match': '"x"' }, [412, 'revision-mismatch', undefined]],
    ['GET', '/', { 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' }, [412, 'revision-mismatch', undefined]],
  ])('number %# of what it refuses is a problem: %s', async (method, path, headers, expected) => {
    expect(refusal(await ask(method, path, headers))).toEqual(expected);
  });

  test('so is a body that is too large', async () => {
    const headers = { 'content-type': 'application/json', expect: '100-continue' };
    expect(refusal(await ask('POST', '/v1/accounts', headers, Buffer.alloc(300_000)))).toEqual([
      ...[413, 'too-large', undefined],
    ]);
  });

  test.each([
    'GET / HTTP/3.0\r\n\r\n',
    'GET / HTTP/2.0\r\nhost: x\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'GARBAGE\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n',
    'GET /v1/position HTTP/1.1\r\nhost: x\r\ncontent-length: a\r\n\r\n',
    '\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n',
  ])('and %j, which is not HTTP/1.1', async (head) => {
    expect(refusal(await answerTo(head))).toEqual([400, 'malformed-request', undefined]);
  });

  test('and CONNECT', async () => {
    const reply = await answerTo('CONNECT x:1 HTTP/1.1\r\nhost: x:1\r\nconnection: close\r\n\r\n');
    expect([400, 405]).toContain(refusal(reply)[0]);
  });

  test.each(['/', '/health/live'])('what it answers itself at %s is as safe', async (path) => {
    for (const method of ['GET', 'HEAD']) {
      const { status, headers } = await ask(method, path);
      expect({ status, ...headers }).toMatchObject({
        status: 200,
        'content-type': 'application/json',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-correlation-id': expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      });
    }
    expect((await ask('GET', path, { range: 'bytes=99999999-' })).headers['content-type']).not.toContain('html');
  });

  test('leads a browser to the console, which is shown with its own policy', async () => {
    const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
    const { status, headers } = await ask('GET', '/', { accept });
    expect([status, headers.location]).toEqual([302, '/console/']);
    const page = await ask('GET', '/console/', { accept });
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(page.headers['referrer-policy']).toBe('no-referrer');
    const [, script = ''] = /src="([^"]+\.js)"/.exec(page.text) ?? [];
    const asset = await ask('GET', script, { 'accept-encoding': 'br' });
    expect([asset.status, asset.headers['content-encoding']]).toEqual([200, 'br']);
    expect(asset.headers['cache-control']).toContain('immutable');
  });

  test('leads a browser to no console that is not there', async () => {
    const server = await startKeyledger({ KEYLEDGER_CONSOLE: 'false' });
    const other = await start(server.httpUrl.replace('http://', ''));
    try {
      const request = { method: 'GET', path: '/', headers: { ...host, accept: 'text/html' } };
      const { status, headers } = await sendRaw(other.url, request, once);
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    } finally {
      await other.stop();
      await server.remove();
    }
  });

  test('has the correlation id of the request, unless it could be a secret', async () => {
    const idFor = async (id: string, path: string): Promise<unknown> =>
      (await ask('GET', path, { 'x-correlation-id': id })).headers['x-correlation-id'];
    expect(await idFor('trace:7', '/')).toBe('trace:7');
    expect(await idFor('trace:7', '/v1/position')).toBe('trace:7');
    expect(await idFor('not an id', '/')).toMatch(/^[0-9a-f]{32}$/);
    expect(await idFor(`kcs_${'a'.repeat(49)}`, '/')).toMatch(/^[0-9a-f]{32}$/);
  });

  test('adds nothing to what a service answers', async () => {
    // What came twice would be joined.
    const { headers } = await fetch(`${gateway.url}/v1/position`);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-correlation-id': expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    });
    expect([...headers.keys()].filter((name) => ['allow', 'retry-after'].includes(name))).toEqual([]);
  });
});

(isThere ? describe : describe.skip)('deploy/gateway.conf before services that are away', () => {
  let gateway: RunningGateway;
  beforeAll(async () => {
    gateway = await start('127.0.0.1:1');
  });
  afterAll(() => gateway.stop());

  test.each([
    ['GET', 'log-unavailable'],
    ['POST', 'outcome-unknown'],
  ])('%s is %s', async (method, code) => {
    const reply = await sendRaw(gateway.url, { method, path: '/v1/accounts', headers: host });
    expect(refusal(reply)).toEqual([503, code, undefined]);
    expect(reply.headers['retry-after']).toBe('1');
  });
});
