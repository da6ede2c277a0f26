import 'reflect-metadata';
import { join } from 'node:path';
import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { Controller, Module } from '@nestjs/common';
import { Limits } from '../src/access/limits.js';
import { Answer, Operation, type Slice } from '../src/index.js';
import { parseConfig } from '../src/settings/config.js';
import { serve, type Serving } from './serving.js';

class Nothing {}

@Controller()
class ThingsController {
  @Operation({
    ...{ http: 'GET /v1/position', rpc: 'PositionService/GetPosition', summary: 'Read' },
    ...{ allow: 'anyone', reply: Nothing },
  })
  read(): Answer<object> {
    return new Answer({}, 'p-1');
  }

  @Operation({
    ...{ http: 'POST /v1/accounts/:accountId/suspend', rpc: 'AccountService/SuspendAccount', summary: 'Write' },
    ...{ allow: ['operator', 'auditor'], reply: Nothing },
  })
  write(): Answer<object> {
    return new Answer({}, 'p-1');
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

const protosOfToys = join(import.meta.dirname, 'protos');

const things: Slice = {
  module: () => ThingsModule,
  routes: () => [
    { method: 'POST', path: '/toys/plain', access: { allow: 'anyone' }, handle: async () => '"done"' },
    { method: 'POST', path: '/toys/quick', access: { allow: 'anyone' }, answer: () => ({}) },
    { method: 'POST', path: '/toys/open', access: { open: 'nothing of it is secret' }, handle: async () => '"done"' },
  ],
  services: () => [
    {
      name: 'toys.v1.Toys',
      protos: { files: [join(protosOfToys, 'toys/v1/toys.proto')], includeDirs: [protosOfToys] },
      access: { allow: 'anyone' },
      handlers: { Check: async () => ({ text: '' }) },
    },
  ],
};
const account = (digit: number): string => `acct_018f3c5e-7e9a-7cc1-8a55-2f0d7f1f4a1${digit}`;

const serving = async (settings: NodeJS.ProcessEnv, work: (server: Serving) => Promise<void>): Promise<void> => {
  const server = await serve([things], settings);
  try {
    await work(server);
  } finally {
    await server.close();
  }
};

const ask = async (server: Serving, request: string, token: string, from?: string): Promise<Response> => {
  const [method = '', path = ''] = request.split(' ');
  const headers = { authorization: `Bearer ${token}`, ...(from === undefined ? {} : { 'x-forwarded-for': from }) };
  return fetch(`${server.httpUrl}${path}`, { method, headers });
};

const READ = 'GET /v1/position';
const write = (digit: number): string => `POST /v1/accounts/${account(digit)}/suspend`;

const statusesOf = async (replies: readonly (() => Promise<Response>)[]): Promise<readonly number[]> => {
  const statuses: number[] = [];
  for (const reply of replies) statuses.push((await reply()).status);
  return statuses;
};

/** Sends an empty message. Null where it is answered. */
const call = async (
  server: Serving,
  path: string,
  entries: Readonly<Record<string, string>>,
): Promise<ServiceError | null> => {
  const client = new Client(server.grpcAddress, credentials.createInsecure());
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(entries)) metadata.set(name, value);
  const same = (bytes: Buffer): Buffer => bytes;
  return new Promise<ServiceError | null>((resolve) =>
    client.makeUnaryRequest(path, same, same, Buffer.alloc(0), metadata, resolve),
  ).finally(() => client.close());
};

/** A token that looks as if it were of this issuer. */
const tokenBy = (iss: string): string => {
  const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url');
  return `${part({ alg: 'ES256', kid: '1' })}.${part({ iss, sub: 'x', exp: 4e9 })}.${'A'.repeat(86)}`;
};

describe('a limit of use', () => {
  it('on failed authentication keeps an address out, also with a valid but new token, and no other one', async () => {
    const settings = { KEYLEDGER_LIMIT_FAILED_AUTHENTICATION: '3/1m', KEYLEDGER_TRUSTED_PROXIES: '127.0.0.1' };
    await serving(settings, async (server) => {
      const token = await server.tokenFor('operator');
      const bad = () => ask(server, READ, 'junk', '203.0.113.5');
      expect(await statusesOf([bad, bad, bad, bad])).toEqual([401, 401, 401, 429]);
      const refused = await ask(server, READ, token, '203.0.113.5');
      expect(refused.status).toBe(429);
      expect(await refused.json()).toMatchObject({ code: 'too-many-requests', status: 429 });
      const seconds = Number(refused.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(50);
      expect(refused.headers.get('ratelimit-policy')).toBe('"failed-authentication";q=3;w=60');
      expect(refused.headers.get('ratelimit')).toBe(`"failed-authentication";r=0;t=${seconds}`);
      expect((await ask(server, READ, token, '203.0.113.6')).status).toBe(200);

      const path = '/keyledger.v1.PositionService/GetPosition';
      const unseen = await server.tokenFor('auditor');
      const error = await call(server, path, { authorization: `Bearer ${unseen}`, forwarded: 'for=203.0.113.5' });
      expect(error?.code).toBe(status.RESOURCE_EXHAUSTED);
      const details = String(error?.metadata.get('grpc-status-details-bin')[0]);
      expect(details).toContain('TOO_MANY_REQUESTS');
      expect(details).toContain('google.rpc.RetryInfo');
    });
  });

  it('on failed authentication keeps nobody out whose token was good before, at any door', async () => {
    await serving({ KEYLEDGER_LIMIT_FAILED_AUTHENTICATION: '3/1m' }, async (server) => {
      const [known, unseen] = [await server.tokenFor('operator'), await server.tokenFor('auditor')];
      const quick = (token: string) => () =>
        fetch(`${server.httpUrl}/toys/quick`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: '{}',
        });
      const by = (token: string) => [() => ask(server, READ, token), quick(token)];
      expect(await statusesOf(by(known))).toEqual([200, 200]);
      expect(await statusesOf([...by('junk'), ...by('junk')])).toEqual([401, 401, 401, 429]);
      expect(await statusesOf(by(known))).toEqual([200, 200]);
      const toys = (token: string) => call(server, '/toys.v1.Toys/Check', { authorization: `Bearer ${token}` });
      expect(await toys(known)).toBeNull();
      expect(await statusesOf([...by(unseen), ...by('junk'), ...by('x'.repeat(9_000))])).toEqual(Array(6).fill(429));
      expect((await toys(unseen))?.code).toBe(status.RESOURCE_EXHAUSTED);
      expect((await fetch(`${server.httpUrl}/v1/position`)).status).toBe(429);
    });
  });

  it('on failed authentication counts no token that could not be checked, because its issuer is away', async () => {
    const away = 'http://127.0.0.1:1/realm';
    const settings = { KEYLEDGER_OIDC_ISSUER: away, KEYLEDGER_LOCAL_ISSUER: 'true' };
    await serving({ ...settings, KEYLEDGER_LIMIT_FAILED_AUTHENTICATION: '1/1m' }, async (server) => {
      const unchecked = () => ask(server, READ, tokenBy(away));
      expect(await statusesOf([unchecked, unchecked, unchecked])).toEqual([401, 401, 401]);
      const strange = () => ask(server, READ, tokenBy('https://elsewhere.example'));
      expect(await statusesOf([strange, unchecked])).toEqual([401, 429]);
    });
  });

  it('on reads counts what is no operation too, at both doors, unless it is open to all', async () => {
    await serving({ KEYLEDGER_LIMIT_READS: '2/1h' }, async (server) => {
      const [operator, auditor] = [await server.tokenFor('operator'), await server.tokenFor('auditor')];
      const by = (token: string, path: string) => () => ask(server, `POST ${path}`, token);
      const route = by(operator, '/toys/plain');
      expect(await statusesOf([route, route, route])).toEqual([200, 200, 429]);
      expect(await statusesOf([by(operator, '/toys/open')])).toEqual([200]);
      const toys = () => call(server, '/toys.v1.Toys/Check', { authorization: `Bearer ${auditor}` });
      expect([await toys(), await toys(), (await toys())?.code]).toEqual([null, null, status.RESOURCE_EXHAUSTED]);
      expect(await statusesOf([by(auditor, '/toys/plain')])).toEqual([429]);
    });
  });

  it('on reads and writes counts each principal, and writes each account', async () => {
    const settings = {
      ...{ KEYLEDGER_LIMIT_READS: '2/1h', KEYLEDGER_LIMIT_WRITES: '3/1h', KEYLEDGER_LIMIT_ACCOUNT_WRITES: '2/1h' },
    };
    await serving(settings, async (server) => {
      const [operator, auditor] = [await server.tokenFor('operator'), await server.tokenFor('auditor')];
      const by = (token: string, request: string) => () => ask(server, request, token);
      expect(await statusesOf([by(operator, READ), by(operator, READ), by(operator, READ)])).toEqual([200, 200, 429]);
      expect(await statusesOf([by(auditor, READ)])).toEqual([200]);
      const toOne = [by(operator, write(1)), by(auditor, write(1)), by(operator, write(1))];
      expect(await statusesOf(toOne)).toEqual([200, 200, 429]);
      expect(await statusesOf([by(operator, write(2)), by(operator, write(2))])).toEqual([200, 429]);
      expect(await statusesOf([by(auditor, write(2))])).toEqual([200]);
    });
  });

  it('counts what is refused for the principal, and not for the account', async () => {
    const settings = { KEYLEDGER_LIMIT_WRITES: '2/1h', KEYLEDGER_LIMIT_ACCOUNT_WRITES: '1/1h' };
    await serving(settings, async (server) => {
      const [viewer, operator] = [await server.tokenFor('viewer'), await server.tokenFor('operator')];
      const by = (token: string, request: string) => () => ask(server, request, token);
      const refused = [by(viewer, write(1)), by(viewer, 'POST /v1/accounts/none/suspend'), by(viewer, write(1))];
      expect(await statusesOf(refused)).toEqual([404, 404, 429]);
      expect(await statusesOf([by(operator, write(1)), by(operator, write(1))])).toEqual([200, 429]);
    });
  });

  it('can be off', async () => {
    const off = { KEYLEDGER_LIMIT_FAILED_AUTHENTICATION: 'off', KEYLEDGER_LIMIT_READS: 'off' };
    await serving({ ...off, KEYLEDGER_LIMIT_WRITES: 'off', KEYLEDGER_LIMIT_ACCOUNT_WRITES: 'off' }, async (server) => {
      const bad = Array.from({ length: 400 }, () => ask(server, READ, 'junk'));
      expect((await Promise.all(bad)).filter((reply) => reply.status !== 401)).toEqual([]);
    });
  });

  it.each(['0/1m', '5', '5/1', '5/0s', '-1/1m', 'none', '5/1d', '1.5/1s'])('is not read from %j', (text) => {
    expect(() => parseConfig({ KEYLEDGER_LIMIT_READS: text })).toThrow(/^KEYLEDGER_LIMIT_READS must be a number of/);
  });

  it('takes all ways to write an address for one, and nothing else for an address', () => {
    const off = { reads: null, writes: null, 'writes-of-account': null, 'failed-authentication': null };
    const limits = new Limits({ ...off, 'failed-verdicts': { requests: 1, seconds: 3600 } });
    limits.countRefusal('198.51.100.9');
    for (const ip of ['198.51.100.9', '::ffff:198.51.100.9', '::ffff:c633:6409', '0:0:0:0:0:FFFF:c633:6409']) {
      expect(limits.hasFewRefusals(ip)).toBe(false);
      expect(() => limits.requireFewRefusals(ip)).toThrow('more than 1 times');
    }
    for (const ip of ['', 'unknown', '198.51.100.09', 'fe80::1%eth0', `::1${' '.repeat(50)}`, 'x'.repeat(250_000)]) {
      limits.countRefusal(ip);
      expect(limits.hasFewRefusals(ip)).toBe(true);
    }
  });

  it('remembers a bounded number of callers, and takes a network of IPv6 for one', () => {
    const off = { reads: null, writes: null, 'writes-of-account': null, 'failed-verdicts': null };
    const limits = new Limits({ ...off, 'failed-authentication': { requests: 1, seconds: 3600 } });
    const tooMany = expect.objectContaining({ code: 'too-many-requests' }) as Error;
    limits.countFailure('2001:db8::1');
    expect(() => limits.requireFewFailures('2001:db8::ffff:1')).toThrow(tooMany);
    limits.requireFewFailures('2001:db8:0:1::1');
    for (let index = 0; index < 20_000; index += 1) limits.countFailure(`10.1.${index >> 8}.${index & 255}`);
    limits.requireFewFailures('2001:db8::1');
    expect(() => limits.requireFewFailures('10.1.0.9')).toThrow(tooMany);
  });
});
