import 'reflect-metadata';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Module } from '@nestjs/common';
import type { Slice } from '../src/index.js';
import { serve, type Serving } from './serving.js';

@Module({})
class NoModule {}

const toys: Slice = {
  module: () => NoModule,
  routes: () => [
    {
      method: 'ANY',
      path: '/toys/ignored',
      access: { open: 'nothing of it is secret' },
      bodies: 'ignored',
      handle: async () => '"done"',
    },
    { method: 'POST', path: '/toys/read', access: { allow: 'anyone' }, handle: async () => '"done"' },
  ],
};

const ENDLESS = 'Content-Length: 9999999999';
const CHUNKED = 'Transfer-Encoding: chunked';

describe('of a request that is answered before it is there', () => {
  let server: Serving;
  let token: string;
  /** At the side of the server. */
  const accepted: Socket[] = [];
  const onAccepted = (message: unknown): void => void accepted.push((message as { socket: Socket }).socket);

  beforeAll(async () => {
    server = await serve([toys]);
    token = await server.tokenFor('viewer');
    subscribe('net.server.socket', onAccepted);
  });
  afterAll(async () => {
    unsubscribe('net.server.socket', onAccepted);
    await server.close();
  });

  const open = async (): Promise<{ client: Socket; atServer: Socket }> => {
    const { hostname, port } = new URL(server.httpUrl);
    const client = connect(Number(port), hostname).on('error', () => undefined);
    await once(client, 'connect');
    const own = (): Socket | undefined => accepted.find(({ remotePort }) => remotePort === client.localPort);
    while (own() === undefined) await new Promise((resolve) => setImmediate(resolve));
    return { client, atServer: own() as Socket };
  };

  const headOf = (line: string, headers: readonly string[]): string =>
    [`${line} HTTP/1.1`, 'Host: localhost', 'Content-Type: application/json', ...headers, '', ''].join('\r\n');

  /** Sends for as long as it can, and answers with all that comes, and how much was taken. */
  const flood = async (line: string, headers: readonly string[]): Promise<{ answer: string; taken: number }> => {
    const { client, atServer } = await open();
    const piece = Buffer.from(`10000\r\n${' '.repeat(65_536)}\r\n`);
    const send = (): void => {
      while (client.writable && client.write(piece)) void 0;
    };
    client.on('drain', send);
    let answer = '';
    client.setEncoding('utf8').on('data', (some: string) => (answer += some));
    client.write(headOf(line, headers), send);
    // Not `once`, which takes the reset for a failure.
    await new Promise((resolve) => atServer.once('close', resolve));
    if (!client.closed) await new Promise((resolve) => client.once('close', resolve));
    return { answer, taken: atServer.bytesRead };
  };

  const floods: readonly (readonly [line: string, status: number, header: string])[] = [
    ['POST /v1/accounts', 401, ENDLESS],
    ['POST /v1/accounts', 401, CHUNKED],
    ['POST /v1/accounts', 401, `${ENDLESS}\r\nExpect: 100-continue`],
    ['POST /toys/read', 413, ENDLESS],
    ['POST /toys/read', 413, CHUNKED],
    ['POST /toys/ignored', 200, ENDLESS],
    ['POST /toys/ignored', 200, CHUNKED],
    ['GET /toys/ignored', 200, ENDLESS],
    ['POST /nope', 404, ENDLESS],
    ['GET /nope', 404, CHUNKED],
    ['GET /health/live', 200, ENDLESS],
    ['GET /docs', 200, ENDLESS],
    ['GET /metrics', 200, CHUNKED],
    ['POST /v1/%zz', 400, ENDLESS],
    ['POST /v1/accounts', 417, `${ENDLESS}\r\nExpect: foo`],
  ];

  it('little is taken', async () => {
    const outcomes = floods.map(async ([line, status, header]) => {
      const authorization = status === 413 ? [`Authorization: Bearer ${token}`] : [];
      const { answer, taken } = await flood(line, [...authorization, header]);
      const statuses = [...answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, code]) => Number(code));
      const isLast = answer.toLowerCase().includes('\r\nconnection: close\r\n');
      const said = statuses.filter((code) => code !== 100);
      return { line, header, said, isLast, isLittle: taken < 1024 * 1024 };
    });
    const wanted = floods.map(([line, status, header]) => ({
      line,
      header,
      said: [status],
      isLast: true,
      isLittle: true,
    }));
    expect(await Promise.all(outcomes)).toEqual(wanted);
  });

  it.each([
    ['POST /v1/accounts', 401],
    ['POST /toys/ignored', 200],
    ['POST /nope', 404],
  ])('a small body is thrown away, and the connection stays: %s, %s', async (line, status) => {
    const { client } = await open();
    client.write(headOf(line, ['Content-Length: 200000']));
    const [first] = (await once(client.setEncoding('utf8'), 'data')) as [string];
    expect(first).toContain(`HTTP/1.1 ${status} `);
    const rest = text(client);
    client.write(' '.repeat(200_000));
    client.write(headOf('GET /health/live', ['Connection: close']));
    expect(await rest).toMatch(/^HTTP\/1\.1 200 .*"status":"ok"/s);
  });

  it('nothing more is said when the rest of it is late', async () => {
    const { client, atServer } = await open();
    client.write(headOf('POST /v1/accounts', ['Content-Length: 200000']));
    await once(client, 'data');
    const rest = text(client);
    // What Node does when a request has taken too long.
    const late = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    (atServer as Socket & { server: Server }).server.emit('clientError', late, atServer);
    expect(await rest).toBe('');
  });
});
