import 'reflect-metadata';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { answerBrokenHead } from '../src/http/broken-heads.js';
import { serve, type Serving } from './serving.js';

interface Reply {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Sends exactly this, and answers with all that comes until the connection is closed. */
const exchange = async (server: Serving, sent: string): Promise<Reply> => {
  const { hostname, port } = new URL(server.httpUrl);
  const socket = connect(Number(port), hostname);
  socket.write(sent, 'latin1');
  const received = await text(socket);
  const end = received.indexOf('\r\n\r\n');
  const [head, body] = [received.slice(0, end).toLowerCase(), received.slice(end + 4)];
  return { status: Number(/^http\/1\.1 (\d+)/.exec(head)?.[1]), head, body };
};

const requestText = (line: string, headers: readonly string[] = [], body = ''): string =>
  [`${line} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', body].join('\r\n');

const expectProblem = ({ head, body, ...reply }: Reply, code: string): void => {
  expect({ ...reply, code: (JSON.parse(body) as { code: string }).code }).toEqual({ ...reply, code });
  expect(head).toContain('content-type: application/problem+json');
  expect(head).toMatch(/^x-correlation-id: [\w.:-]+$/m);
  expect(head).toContain('x-content-type-options: nosniff');
  expect(head).toContain('referrer-policy: no-referrer');
};

describe('the HTTP door', () => {
  let server: Serving;
  beforeAll(async () => {
    server = await serve([]);
  });
  afterAll(() => server.close());

  const ask = (line: string, headers: readonly string[] = [], body = ''): Promise<Reply> =>
    exchange(server, requestText(line, headers, body));

  it.each([
    ...['/docs/..', '/docs/.', '/docs//etc/passwd', '/docs/a%5c..%5cb', '/docs/%2e%2e', '/docs/%2e%2e%2fpackage.json'],
    ...[
      '/docs/../v1/accounts',
      '/docs/../../etc/passwd',
      '/docs/%00',
      '/docs/swagger-ui.css/',
      '/docs/index.js',
      '//docs',
    ],
    ...['/docs/..;/x', '/docs/package.json', '/docs-yaml', '/docs/LICENSE'],
  ])('has nothing at %s', async (path) => {
    const reply = await ask(`GET ${path}`);
    expect(reply.status).toBe(404);
    expectProblem(reply, 'not-found');
  });

  it.each([
    'Range: bytes=99999999-',
    'Range: bytes=5-1',
    'Range: lines=1',
    'If-Match: "x"',
    'If-None-Match: "x"',
    'If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT',
    'If-Modified-Since: never',
    'If-Range: "x"',
    'Accept: text/nothing',
    'Accept-Encoding: identity;q=0',
    'TE: x',
  ])('serves a file of the docs whole, whatever is asked with %s', async (header) => {
    const reply = await ask('GET /docs/swagger-ui.css', [header]);
    expect(reply.status).toBe(200);
    expect(reply.body).toContain('.swagger-ui');
  });

  it.each<readonly [string, string, number, string]>([
    ['a head that is none', 'HELO there\r\n\r\n', 400, 'malformed-request'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'malformed-request'],
    ['no Host', 'GET /v1/accounts HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'malformed-request'],
    ['two lengths', requestText('POST /v1/a', ['Content-Length: 1', 'Content-Length: 2']), 400, 'malformed-request'],
    ['broken percent-encoding', requestText('GET /v1/accounts/%zz'), 400, 'malformed-request'],
    ['an expectation', requestText('GET /v1/accounts', ['Expect: foo']), 417, 'malformed-request'],
    ['a head that is too large', requestText('GET /docs', [`X-Filler: ${'x'.repeat(17_000)}`]), 413, 'too-large'],
    ['a long part of a path', requestText(`GET /docs/${'x'.repeat(5_000)}`), 404, 'not-found'],
    ['a path of another server', requestText('GET http://example.com/v1x'), 400, 'malformed-request'],
    ['a path of this server, in full', requestText('GET HTTP://LocalHost:80/v1x'), 404, 'not-found'],
    ['two hosts', requestText('GET /health/live', ['Host: localhost']), 400, 'malformed-request'],
    ['a host that is none', 'GET /health/live HTTP/1.1\r\nHost: a b\r\n\r\n', 400, 'malformed-request'],
    ['a fragment', requestText('GET /health/live#x'), 400, 'malformed-request'],
    ['a fragment of a query', requestText('GET /v1/accounts?pageSize=1#x'), 400, 'malformed-request'],
    ['all paths', requestText('OPTIONS *'), 404, 'not-found'],
  ])('answers %s with a problem', async (_, sent, code, problem) => {
    const reply = await exchange(server, sent);
    expect(reply.status).toBe(code);
    expectProblem(reply, problem);
    expect(JSON.parse(reply.body)).toMatchObject({ status: code, type: `urn:keyledger:problem:${problem}` });
  });

  it('sees all headers, however many come before', async () => {
    const fillers = Array.from({ length: 1_005 }, (_, index) => `F${index}: x`);
    expect((await ask('GET /metrics')).status).toBe(200);
    expect((await ask('GET /metrics', fillers)).status).toBe(200);
    expect((await ask('GET /metrics', [...fillers, 'Via: x'])).status).toBe(403);
  });

  it.each(['QUERY', 'DELETE', 'PROPFIND', 'TRACE', 'OPTIONS', 'PURGE', 'PUT'])(
    'says which methods a path has that does not have %s, however it is written',
    async (method) => {
      for (const path of ['/openapi.json', '/open%61pi.json?x=1']) {
        const reply = await ask(`${method} ${path}`, ['Content-Length: 0']);
        expect([method, reply.status]).toEqual([method, 405]);
        expectProblem(reply, 'method-not-allowed');
        expect(reply.head).toMatch(/^allow: get, head$/m);
      }
    },
  );

  it('says nothing on a connection on which nothing was said, and 408 on one with half a request', async () => {
    const answers = ['', 'GET /docs HTTP/1.1\r\n'].map(async (said) => {
      // What Node does when a request has taken too long.
      const accepting = createServer((socket) => {
        const late = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
        if (said === '') answerBrokenHead(late, socket);
        else socket.once('data', () => answerBrokenHead(late, socket));
      }).listen(0, '127.0.0.1');
      await once(accepting, 'listening');
      const client = connect((accepting.address() as AddressInfo).port, '127.0.0.1');
      client.write(said);
      const answer = await text(client);
      accepting.close();
      return answer;
    });
    const [silent, half] = await Promise.all(answers);
    expect(silent).toBe('');
    expect(half).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n[^]*"status":408/);
  });

  it('says at / what this is, as JSON and to browsers as a page, with links that lead somewhere', async () => {
    const asJson = await ask('GET /');
    expect(asJson.status).toBe(200);
    expect(asJson.head).toContain('content-type: application/json; charset=utf-8');
    const { name, links } = JSON.parse(asJson.body) as { name: string; links: Record<string, string> };
    expect(name).toBe('Keyledger');
    const asPage = await ask('GET /', ['Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8']);
    expect(asPage.head).toMatch(/^content-type: text\/html; charset=utf-8$/m);
    expect(asPage.head).toMatch(/^content-security-policy: default-src 'none';/m);
    expect(asPage.head).toMatch(/^vary: accept$/m);
    expect(asPage.body).not.toMatch(/<script|<style|style=| on\w+=/);
    const shown = [...asPage.body.matchAll(/<a href="([^"]+)"/g)].map(([, link = '']) => link);
    expect(shown).toEqual(Object.values(links));
    for (const link of shown) expect((await ask(`GET /${link}`)).status).not.toBe(404);
  });

  it.each(['/docs', '/docs/'])('lets the page at %s run and load nothing but our own files', async (path) => {
    const { status: code, head, body } = await ask(`GET ${path}`);
    expect(code).toBe(200);
    expect(head).toContain('content-type: text/html; charset=utf-8');
    expect(head).toMatch(/^content-security-policy: default-src 'none'; script-src 'self';.* frame-ancestors 'none'$/m);
    expect(head).toContain('x-content-type-options: nosniff');
    const files = [...body.matchAll(/(?:src|href|data-document)="([^"]+)"/g)].map(([, link = '']) => link);
    expect(files).toHaveLength(6);
    for (const file of files) {
      const { pathname } = new URL(file, `http://localhost${path}`);
      expect((await ask(`GET ${pathname}`)).status).toBe(200);
    }
    expect(body).not.toMatch(/<script>|<style|style=| on\w+=/);
  });
});

it('shows nobody the API with KEYLEDGER_DOCS=false', async () => {
  const server = await serve([], { KEYLEDGER_DOCS: 'false' });
  const files = ['/docs/swagger-ui.css', '/openapi.json', '/docs/events', '/docs/events.css', '/asyncapi.json'];
  for (const path of ['/', '/docs', '/docs/', ...files]) {
    const { status: answered, body } = await exchange(server, requestText(`GET ${path}`));
    expect([answered, body]).toEqual([404, expect.stringContaining('"detail":"There is no such route."')]);
  }
  const client = new Client(server.grpcAddress, credentials.createInsecure());
  const same = (bytes: Buffer): Buffer => bytes;
  const codes = await Promise.all(
    ['v1', 'v1alpha'].map((version) => {
      const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
      return new Promise((resolve) =>
        client.makeUnaryRequest(path, same, same, Buffer.alloc(0), new Metadata(), (error: ServiceError | null) =>
          resolve(error?.code),
        ),
      );
    }),
  );
  client.close();
  await server.close();
  expect(codes).toEqual([status.UNIMPLEMENTED, status.UNIMPLEMENTED]);
});
