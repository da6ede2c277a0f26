import 'reflect-metadata';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Client as GrpcClient,
  credentials,
  loadPackageDefinition,
  Metadata,
  status,
  type Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { openAuthenticator } from '../src/access/authenticator.js';
import { issueToken, openLocalIssuer } from '../src/access/local-issuer.js';
import type { Role } from '../src/access/principal.js';
import { loadCredentialTypes } from '../src/credentials/load-credential-types.js';
import { messagesOf, Problem, tokenHeader, type GrpcService, type HttpRoute, type Slice } from '../src/index.js';
import { logger } from '../src/observing/logging.js';
import { startServer, type RunningServer } from '../src/process/server.js';
import { parseConfig } from '../src/settings/config.js';
import { Grounds } from './tally.js';

const includeDirs = [join(import.meta.dirname, 'protos')];
const files = [join(import.meta.dirname, 'protos/toys/v1/toys.proto')];
const verifiers = ['verifier'] as const;

@Injectable()
class Greeter {
  greet(name: string): string {
    return `hello ${name}`;
  }
}

const json = (body: unknown): string => JSON.stringify(body);

const routesOf = (greeter: Greeter): readonly HttpRoute[] => [
  {
    // `Authorization` belongs to somebody else, who is asked about.
    method: ['GET', 'POST', 'PUT'],
    path: '/v1/toys/gate',
    access: { allow: verifiers, token: tokenHeader('x-toys-token') },
    bodies: { '*': () => undefined },
    handle: async (request, _reply, { principal }) =>
      json({ credential: request.headers.authorization ?? null, caller: principal?.subject }),
  },
  {
    method: 'POST',
    path: '/toys/form',
    access: { allow: 'anyone' },
    bodies: { 'application/x-www-form-urlencoded': (body) => new URLSearchParams(body.toString()) },
    handle: async (request) => json({ greeting: greeter.greet((request.body as URLSearchParams).get('name') ?? '') }),
  },
  {
    method: 'GET',
    path: '/toys/open/:name',
    access: { open: 'nothing of it is secret' },
    handle: async (request) => {
      const { name } = request.params as { name: string };
      if (name === 'nobody') throw new Problem('not-found', 'Nobody is greeted.');
      return json({ greeting: greeter.greet(name) });
    },
  },
  ...(['/docs-of-toys', '/docs/toys/:name'] as const).map((path): HttpRoute => ({
    method: 'GET',
    path,
    access: { allow: verifiers },
    handle: async () => json({ greeting: greeter.greet('verifier') }),
  })),
  {
    method: 'GET',
    path: '/v1/toys/stream',
    access: { allow: 'anyone' },
    handle: async (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
      reply.raw.end('data: 1\n\ndata: 2\n\n');
    },
  },
];

const serviceOf = (greeter: Greeter): GrpcService => ({
  name: 'toys.v1.Toys',
  protos: { files, includeDirs },
  access: { allow: verifiers, token: tokenHeader('x-toys-token') },
  handlers: {
    Check: async (call, { principal }) => {
      const { text } = call.request as { text: string };
      if (text === 'bad') throw new Problem('invalid-request', 'This is bad.');
      return { text: greeter.greet(`${text} from ${principal?.subject}`), at: new Date(0) };
    },
    Echo: async (call) => {
      for await (const { text } of messagesOf<{ text: string }>(call)) {
        if (text === 'bad') throw new Problem('invalid-request', 'This is bad.');
        call.write({ text: greeter.greet(text) });
      }
    },
    Count: async (call) => {
      for (const text of ['one', 'two', 'three']) call.write({ text });
    },
  },
});

/** What somebody writes who knows Nest and not this house. */
@Controller()
class StrayController {
  @Get('v1/strays')
  inside(): string {
    return 'open to all';
  }

  @Get('strays')
  outside(): string {
    return 'open to all';
  }

  @GrpcMethod('PositionService', 'GetPosition')
  rpc(): object {
    return { position: 'open to all' };
  }
}

@Module({ providers: [Greeter], controllers: [StrayController] })
class ToysModule {}

const toys: Slice = {
  module: () => ToysModule,
  routes: (find) => routesOf(find(Greeter)),
  services: (find) => [serviceOf(find(Greeter))],
};

interface Toy {
  readonly text: string;
  readonly at?: unknown;
}
type Unary = (request: object, metadata: Metadata, done: (error: ServiceError | null, reply: Toy) => void) => void;
type ToysClient = Client & {
  check: Unary;
  echo(metadata: Metadata): ClientDuplexStream<object, Toy>;
  count(request: object, metadata: Metadata): ClientReadableStream<Toy>;
};

describe('a slice', () => {
  let grounds: Grounds;
  let dataDir: string;
  let server: RunningServer;
  let verifier: string;
  let viewer: string;
  let client: ToysClient;

  const tokenFor = async (role: Role): Promise<string> =>
    issueToken(await openLocalIssuer(dataDir), { subject: role, roles: [role], accounts: '*', ttlSeconds: 600 });

  beforeAll(async () => {
    grounds = await Grounds.open();
    dataDir = await mkdtemp(join(tmpdir(), 'keyledger-docking-'));
    const config = parseConfig({
      KEYLEDGER_DATA_DIR: dataDir,
      KEYLEDGER_HTTP_PORT: '0',
      KEYLEDGER_GRPC_PORT: '0',
      KEYLEDGER_LOG_LEVEL: 'silent',
    });
    const authenticator = await openAuthenticator(config, logger(config));
    const { log, pool } = grounds;
    server = await startServer({ config, log, pool, authenticator, credentialTypes: loadCredentialTypes(null) }, [
      toys,
    ]);
    verifier = await tokenFor('verifier');
    viewer = await tokenFor('viewer');
    const loaded = loadPackageDefinition(loadSync(files, { includeDirs })) as unknown;
    const { Toys } = (loaded as { toys: { v1: { Toys: new (...args: unknown[]) => ToysClient } } }).toys.v1;
    client = new Toys(server.grpcAddress, credentials.createInsecure());
  });

  afterAll(async () => {
    client.close();
    await server.close();
    await grounds.close();
    await rm(dataDir, { recursive: true });
  });

  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${server.httpUrl}${path}`, init);
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const metadata = (entries: Readonly<Record<string, string>>): Metadata => {
    const made = new Metadata();
    for (const [name, value] of Object.entries(entries)) made.set(name, value);
    return made;
  };
  const check = (request: object, given: Metadata) =>
    new Promise<Toy | ServiceError>((resolve) =>
      client.check(request, given, (error, reply) => resolve(error ?? reply)),
    );

  describe('with a route of its own', () => {
    it('authenticates by another header, and leaves Authorization to somebody else', async () => {
      const headers = { 'x-toys-token': verifier, authorization: 'Bearer key_live_of_a_customer' };
      const reply = await ask('/v1/toys/gate', { headers });
      expect(reply.status).toBe(200);
      expect(JSON.parse(reply.text)).toEqual({ credential: 'Bearer key_live_of_a_customer', caller: 'verifier' });
      expect(reply.headers.get('cache-control')).toBe('no-store');
    });

    it.each([
      ['no token in it', {}, 401, 'unauthenticated'],
      ['the token in Authorization only', 'authorization', 401, 'unauthenticated'],
      ['a token that is none', { 'x-toys-token': 'abc' }, 401, 'unauthenticated'],
      ['a token without the role', 'viewer', 403, 'forbidden'],
    ])('refuses %s', async (_, given, expected, code) => {
      const named = { authorization: { authorization: `Bearer ${verifier}` }, viewer: { 'x-toys-token': viewer } };
      const headers = typeof given === 'string' ? named[given as keyof typeof named] : given;
      const reply = await ask('/v1/toys/gate', { headers: headers as Record<string, string> });
      expect(reply.status).toBe(expected);
      expect(JSON.parse(reply.text)).toMatchObject({ code });
    });

    it('takes a body of any kind where it says so', async () => {
      const headers = { 'x-toys-token': verifier, 'content-type': 'text/plain' };
      expect((await ask('/v1/toys/gate', { method: 'POST', headers, body: 'text' })).status).toBe(200);
    });

    it('takes a form where it says so, and then nothing else', async () => {
      const headers = { authorization: `Bearer ${viewer}`, 'content-type': 'application/x-www-form-urlencoded' };
      const reply = await ask('/toys/form', { method: 'POST', headers, body: 'name=Ada' });
      expect([reply.status, reply.text]).toEqual([200, json({ greeting: 'hello Ada' })]);
      const asJson = { ...headers, 'content-type': 'application/json' };
      const refused = await ask('/toys/form', { method: 'POST', headers: asJson, body: '{}' });
      expect([refused.status, refused.text]).toEqual([
        415,
        expect.stringContaining('"detail":"Send the body as application/x-www-form-urlencoded."'),
      ]);
    });

    it('is open to all where it says why, and answers with problems', async () => {
      expect((await ask('/toys/open/Ada')).text).toBe(json({ greeting: 'hello Ada' }));
      const refused = await ask('/toys/open/nobody');
      expect(refused.status).toBe(404);
      expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect((await ask('/toys/open/Ada', { method: 'DELETE' })).status).toBe(405);
    });

    it.each(['/docs-of-toys', '/docs/toys/Ada'])('is not open at %s, though it looks like the docs', async (path) => {
      expect((await ask(path)).status).toBe(401);
      expect((await ask(path, { headers: { authorization: `Bearer ${viewer}` } })).status).toBe(403);
      expect((await ask(path, { headers: { authorization: `Bearer ${verifier}` } })).status).toBe(200);
      expect((await ask('/docs')).status).toBe(200);
    });

    it('may stream its answer', async () => {
      const reply = await ask('/v1/toys/stream', { headers: { authorization: `Bearer ${viewer}` } });
      expect(reply.text).toBe('data: 1\n\ndata: 2\n\n');
      expect((await ask('/v1/toys/stream')).status).toBe(401);
    });
  });

  describe('with a service of another package', () => {
    it('answers a message', async () => {
      const reply = (await check({ text: 'Ada' }, metadata({ 'x-toys-token': verifier }))) as Toy;
      expect(reply.text).toBe('hello Ada from verifier');
      expect(reply.at).toBe('1970-01-01T00:00:00.000Z');
    });

    it.each([
      ['no token in its own metadata', () => ({ authorization: `Bearer ${verifier}` }), status.UNAUTHENTICATED],
      ['a token without the role', () => ({ 'x-toys-token': viewer }), status.PERMISSION_DENIED],
    ])('refuses %s, for streams as well', async (_, entries, code) => {
      expect(await check({ text: 'Ada' }, metadata(entries()))).toMatchObject({ code });
      const [error] = (await once(
        client.echo(metadata(entries())).on('data', () => undefined),
        'error',
      )) as [ServiceError];
      expect(error.code).toBe(code);
    });

    it('answers with the status of a problem, and a message that is too large with one of ours', async () => {
      const by = metadata({ 'x-toys-token': verifier });
      expect(await check({ text: 'bad' }, by)).toMatchObject({
        code: status.INVALID_ARGUMENT,
        details: 'This is bad.',
      });
      const large = await check({ text: 'x'.repeat(300_000) }, by);
      expect(large).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    });

    it('streams in both directions', async () => {
      const call = client.echo(metadata({ 'x-toys-token': verifier }));
      const received: string[] = [];
      call.on('data', ({ text }: Toy) => received.push(text));
      call.write({ text: 'Ada' });
      call.end({ text: 'Bob' });
      await once(call, 'end');
      expect(received).toEqual(['hello Ada', 'hello Bob']);
      const failing = client.echo(metadata({ 'x-toys-token': verifier }));
      failing.on('data', () => undefined).end({ text: 'bad' });
      const [error] = (await once(failing, 'error')) as [ServiceError];
      expect(error).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'This is bad.' });
    });

    it('streams to the caller', async () => {
      const received: string[] = [];
      const call = client.count({}, metadata({ 'x-toys-token': verifier }));
      for await (const { text } of call as AsyncIterable<Toy>) received.push(text);
      expect(received).toEqual(['one', 'two', 'three']);
    });
  });

  describe('that declares no access', () => {
    it.each(['/v1/strays', '/strays'])('is refused at %s, with a token and without', async (path) => {
      const operator = { authorization: `Bearer ${await tokenFor('operator')}` };
      for (const headers of [undefined, operator]) {
        const reply = await ask(path, { headers });
        expect(reply.status).toBe(403);
        expect(reply.text).not.toContain('open to all');
      }
    });

    const outcomeOf = async (path: string): Promise<unknown> => {
      const stranger = new GrpcClient(server.grpcAddress, credentials.createInsecure());
      const by = metadata({ authorization: `Bearer ${await tokenFor('operator')}` });
      const same = (bytes: Buffer): Buffer => bytes;
      return new Promise((resolve) =>
        stranger.makeUnaryRequest(path, same, same, Buffer.alloc(0), by, (error, reply) => resolve(error ?? reply)),
      ).finally(() => stranger.close());
    };
    const undeclared = async (): Promise<string | undefined> =>
      /^keyledger_denied_total\{reason="undeclared"\} (\d+)$/m.exec((await ask('/metrics')).text)?.[1];

    it('is refused over gRPC', async () => {
      const before = Number((await undeclared()) ?? 0);
      expect(await outcomeOf('/keyledger.v1.PositionService/GetPosition')).toMatchObject({
        code: status.PERMISSION_DENIED,
      });
      expect(await undeclared()).toBe(String(before + 1));
    });

    it.each(['/keyledger.v1.AccountService/ListAccounts', '/keyledger.v1.NoService/None', '/toys.v1.Toys/None'])(
      '%s is not there, and nothing is denied, where nothing serves it',
      async (path) => {
        const before = await undeclared();
        expect(await outcomeOf(path)).toMatchObject({
          code: status.UNIMPLEMENTED,
          details: `The server does not implement the method ${path}`,
        });
        expect(await undeclared()).toBe(before);
      },
    );
  });
});
