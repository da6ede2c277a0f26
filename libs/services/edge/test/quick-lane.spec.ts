import 'reflect-metadata';
import { connect } from 'node:net';
import { Module } from '@nestjs/common';
import { Answer, Problem, type HttpRoute } from '../src/index.js';
import { serve, type Serving } from './serving.js';

@Module({})
class NoModule {}

const POSITION = `${'0'.repeat(32)}-0000000000000007`;

const route: HttpRoute = {
  method: 'POST',
  path: '/v1/quick',
  access: { allow: ['verifier'] },
  answer: (body, { principal, ip }) => {
    const { wish } = body as { wish?: string };
    if (wish === 'problem')
      throw new Problem('invalid-request', 'wish cannot be met', [{ field: 'wish', message: '?' }]);
    if (wish === 'fault') throw new Error('Nobody foresaw this.');
    if (wish === 'later') return Promise.resolve(new Answer({ wish, caller: principal?.subject }, POSITION));
    if (wish === 'later problem') return Promise.reject(new Problem('not-found', 'There is none.'));
    return new Answer({ wish, caller: principal?.subject, ip }, POSITION);
  },
};

/** The same for every reader, but another form than the lane knows. */
const UNUSUAL = 'application/json;charset=utf-8';

describe('the quick lane', () => {
  let server: Serving;
  let token: string;

  beforeAll(async () => {
    const settings = { KEYLEDGER_LIMIT_READS: '60/1h', KEYLEDGER_TRUSTED_PROXIES: '127.0.0.1' };
    server = await serve([{ module: () => NoModule, routes: () => [route] }], settings);
    token = await server.tokenFor('verifier');
  });

  afterAll(() => server.close());

  const ask = async (body: string | Buffer, headers: Readonly<Record<string, string>> = {}): Promise<object> => {
    const response = await fetch(`${server.httpUrl}/v1/quick`, {
      method: 'POST',
      body,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'x-correlation-id': 'one-for-both',
        ...headers,
      },
    });
    const kept = [...response.headers].filter(([name]) => name !== 'date');
    return { status: response.status, headers: Object.fromEntries(kept), body: await response.text() };
  };

  const bodies: Readonly<Record<string, string | Buffer>> = {
    'an answer': '{"wish":"fish"}',
    'an answer that it waits for': '{"wish":"later"}',
    'a problem': '{"wish":"problem"}',
    'a problem that it waits for': '{"wish":"later problem"}',
    'what nobody foresaw': '{"wish":"fault"}',
    'what is no JSON': '{"wish":',
    'what is no UTF-8': Buffer.from('{"wish":"\xff"}', 'latin1'),
    'what would poison an object': '{"__proto__":{}}',
  };

  it.each(Object.keys(bodies))('answers %s as the long way does', async (name) => {
    const body = bodies[name] ?? '';
    const other = await ask(body, { 'content-type': UNUSUAL });
    expect(await ask(body)).toEqual(other);
  });

  it.each([
    ['a token of nobody', { authorization: 'Bearer nobody' }],
    ['a secret as correlation id', { 'x-correlation-id': `key_test_${'0'.repeat(43)}3WvhvS` }],
    ['another media type', { 'content-type': 'text/plain' }],
    ['an address that a proxy names', { 'x-forwarded-for': '203.0.113.7' }],
  ])('does with %s what the long way does', async (_, headers) => {
    const other = await ask('{"wish":"fish"}', { 'content-type': UNUSUAL, ...headers });
    expect(await ask('{"wish":"fish"}', headers)).toMatchObject({ ...other, headers: expect.anything() as object });
  });

  it('refuses a role that may not', async () => {
    const viewer = { authorization: `Bearer ${await server.tokenFor('viewer')}` };
    expect(await ask('{}', viewer)).toMatchObject({ status: 403 });
    expect(await ask('{}', viewer)).toMatchObject({ status: 403 });
  });

  it('refuses two hosts', async () => {
    const { hostname, port } = new URL(server.httpUrl);
    const socket = connect(Number(port), hostname);
    const head = ['host: a', 'host: b', `authorization: Bearer ${token}`, 'content-type: application/json'];
    socket.write(`POST /v1/quick HTTP/1.1\r\n${head.join('\r\n')}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}`);
    let answer = '';
    for await (const chunk of socket.setEncoding('utf8')) answer += String(chunk);
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
  });

  it('counts for the limit of the caller, and is counted itself', async () => {
    let last: object = {};
    for (let asked = 0; asked < 60; asked += 1) last = await ask('{"wish":"fish"}');
    const other = await ask('{"wish":"fish"}', { 'content-type': UNUSUAL });
    expect(last).toMatchObject({ status: 429 });
    expect(other).toMatchObject({ status: 429 });
    const metrics = await (await fetch(`${server.httpUrl}/metrics`)).text();
    expect(metrics).toMatch(/keyledger_requests_total\{door="http",operation="POST \/v1\/quick",status="200"\} \d+/);
  });
});
