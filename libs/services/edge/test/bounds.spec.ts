import 'reflect-metadata';
import { once } from 'node:events';
import { connect, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { status } from '@grpc/grpc-js';
import { jest } from '@jest/globals';
import { Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { messagesOf, type GrpcService, type HttpRoute, type Slice } from '../src/index.js';
import { serve, type Serving } from './serving.js';

const protos = {
  files: [join(import.meta.dirname, 'protos/toys/v1/toys.proto')],
  includeDirs: [join(import.meta.dirname, 'protos')],
};

@Module({})
class NoModule {}

const toysService: GrpcService = {
  name: 'toys.v1.Toys',
  protos,
  access: { allow: 'anyone' },
  handlers: {
    // Of a wrong shape, as a slice with a mistake would answer.
    Check: async () => undefined,
    Echo: async (call) => {
      for await (const { text } of messagesOf<{ text: string }>(call)) call.write({ text });
    },
  },
};

const brokenRoute: HttpRoute = {
  method: 'GET',
  path: '/toys/broken',
  access: { open: 'nothing of it is secret' },
  handle: async (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/plain' });
    reply.raw.write('half of');
    throw new Error('The other half is not there.');
  },
};

const slice = (parts: { services?: readonly GrpcService[]; routes?: readonly HttpRoute[] }): Slice => ({
  module: () => NoModule,
  services: () => parts.services ?? [],
  routes: () => parts.routes ?? [],
});

/** The frame of a message: not compressed, and of this length. */
const frame = (length: number, compressed = 0): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt8(compressed);
  head.writeUInt32BE(length, 1);
  return head;
};

const CHECK = '/toys.v1.Toys/Check';
const ECHO = '/toys.v1.Toys/Echo';
const REFLECT = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
const HEALTH = '/grpc.health.v1.Health';

describe('the gRPC door', () => {
  let server: Serving;
  let session: ClientHttp2Session;
  let token: string;

  beforeAll(async () => {
    server = await serve([slice({ services: [toysService], routes: [brokenRoute] })]);
    token = await server.tokenFor('viewer');
  });
  afterAll(() => server.close());
  beforeEach(() => {
    // In MiB: what it could not send yet counts as well.
    session = connect(`http://${server.grpcAddress}`, { maxSessionMemory: 1000 });
  });
  afterEach(() => session.destroy());

  const open = (path: string, headers: Readonly<Record<string, string>> = {}): ClientHttp2Stream => {
    const common = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc' };
    const stream = session.request({ ...common, ...headers });
    // What is sent after the answer is refused, which is what is looked at here.
    return stream.on('error', () => undefined).resume();
  };
  const withToken = (): Readonly<Record<string, string>> => ({ authorization: `Bearer ${token}` });

  /** The status of a call, once its stream has been closed from both sides, whatever the client has not sent yet. */
  const statusOf = async (stream: ClientHttp2Stream): Promise<{ code: status; reason: string }> => {
    let told: IncomingHttpHeaders = {};
    stream.on('response', (headers) => (told = { ...told, ...headers }));
    stream.on('trailers', (trailers: IncomingHttpHeaders) => (told = { ...told, ...trailers }));
    await once(stream, 'close');
    const details = Buffer.from(String(told['grpc-status-details-bin'] ?? ''), 'base64').toString('latin1');
    return { code: Number(told['grpc-status']), reason: /[A-Z]+(?:_[A-Z]+)*(?=\x12)/.exec(details)?.[0] ?? '' };
  };

  it('ends the calls of strangers at once, and takes next to nothing of their messages', async () => {
    const size = 4 * 1024 * 1024 - 5;
    const streams = Array.from({ length: 80 }, () => {
      const stream = open(CHECK);
      stream.write(frame(size));
      stream.write(Buffer.alloc(size - 1));
      return stream;
    });
    const outcomes = await Promise.all(streams.map(statusOf));
    expect(outcomes).toEqual(streams.map(() => ({ code: status.UNAUTHENTICATED, reason: 'UNAUTHENTICATED' })));
    expect(session.socket.bytesWritten).toBeLessThan(1024 * 1024);
  });

  it('ends the call of a message that says it is larger than 256 KiB, and does not wait for it', async () => {
    const stream = open(CHECK, withToken());
    stream.write(frame(256 * 1024 + 1));
    expect(await statusOf(stream)).toEqual({ code: status.RESOURCE_EXHAUSTED, reason: 'TOO_LARGE' });
  });

  it.each([
    ['does not decompress', frame(4, 1), Buffer.from('none')],
    ['is much larger than it looks', frame(gzipSync(Buffer.alloc(600_000)).length, 1), gzipSync(Buffer.alloc(600_000))],
  ])('refuses a message that %s', async (_, head, body) => {
    const stream = open(CHECK, { ...withToken(), 'grpc-encoding': 'gzip' });
    stream.end(Buffer.concat([head, body]));
    const { code, reason } = await statusOf(stream);
    expect([status[code], reason]).toEqual(
      head.readUInt32BE(1) === 4 ? ['INVALID_ARGUMENT', 'MALFORMED_REQUEST'] : ['RESOURCE_EXHAUSTED', 'TOO_LARGE'],
    );
  });

  it.each([
    ['no message', Buffer.alloc(0)],
    ['two messages', Buffer.concat([frame(0), frame(0)])],
  ])('refuses %s where it takes one', async (_, bytes) => {
    const stream = open(CHECK, withToken());
    stream.end(bytes);
    expect(await statusOf(stream)).toEqual({ code: status.INVALID_ARGUMENT, reason: 'MALFORMED_REQUEST' });
  });

  it('counts metadata and token', async () => {
    const large = open(CHECK, { ...withToken(), 'x-filler': 'x'.repeat(17_000) });
    expect(await statusOf(large)).toEqual({ code: status.RESOURCE_EXHAUSTED, reason: 'TOO_LARGE' });
    const long = open(CHECK, { authorization: `Bearer ${'x'.repeat(9_000)}` });
    expect(await statusOf(long)).toEqual({ code: status.UNAUTHENTICATED, reason: 'UNAUTHENTICATED' });
  });

  it('allows 100 calls at a time on one connection', async () => {
    await once(session, 'remoteSettings');
    expect(session.remoteSettings.maxConcurrentStreams).toBe(100);
  });

  it('gives up on a message that does not come', async () => {
    const timers = jest.spyOn(globalThis, 'setTimeout');
    const slow = open(CHECK, withToken());
    slow.write(frame(10));
    const stream = open(ECHO, withToken());
    const echoed = once(stream, 'data');
    stream.write(Buffer.concat([frame(3), Buffer.from([0x0a, 1, 0x41])]));
    // The server has seen what was sent before it.
    await echoed;
    const deadlines = timers.mock.calls.filter(([, ms]) => ms === 30_000).map(([expire]) => expire);
    timers.mockRestore();
    const outcome = statusOf(slow);
    deadlines[0]?.();
    expect((await outcome).code).toBe(status.DEADLINE_EXCEEDED);
    expect(stream.closed).toBe(false);
    stream.end();
    await once(stream, 'close');
  });

  it.each([
    ['alone', Buffer.alloc(0)],
    ['with the message before it', frame(0)],
  ])('gives up on the rest of a message in a stream, begun %s', async (_, before) => {
    const timers = jest.spyOn(globalThis, 'setTimeout');
    const deadlines = (): readonly (() => void)[] =>
      timers.mock.calls.filter(([, ms]) => ms === 30_000).map(([expire]) => expire);
    const stream = open(ECHO, withToken());
    const echoed = once(stream, 'data');
    stream.write(frame(0));
    await echoed;
    // Between two messages nothing is awaited, so an expiry of what was before means nothing.
    const earlier = deadlines().length;
    stream.write(Buffer.concat([before, frame(10), Buffer.from('half')]));
    while (deadlines().length === earlier) await new Promise((resolve) => setImmediate(resolve));
    if (before.length > 0) await once(stream, 'data');
    const expire = deadlines().at(-1);
    timers.mockRestore();
    const outcome = statusOf(stream);
    expire?.();
    expect((await outcome).code).toBe(status.DEADLINE_EXCEEDED);
  });

  it.each([REFLECT, `${HEALTH}/Check`, `${HEALTH}/Watch`])('takes 4 KiB of strangers at %s', async (path) => {
    const stream = open(path);
    stream.write(frame(4 * 1024 + 1));
    expect(await statusOf(stream)).toEqual({ code: status.RESOURCE_EXHAUSTED, reason: 'TOO_LARGE' });
    const packed = gzipSync(Buffer.alloc(5_000));
    const compressed = open(path, { 'grpc-encoding': 'gzip' });
    compressed.end(Buffer.concat([frame(packed.length, 1), packed]));
    expect(await statusOf(compressed)).toEqual({ code: status.RESOURCE_EXHAUSTED, reason: 'TOO_LARGE' });
  });

  it('gives up on a stream of a stranger that does not begin', async () => {
    const timers = jest.spyOn(globalThis, 'setTimeout');
    const cleared = jest.spyOn(globalThis, 'clearTimeout');
    const stream = open(REFLECT);
    const later = open(`${HEALTH}/Check`);
    later.end(frame(0));
    expect((await statusOf(later)).code).toBe(status.OK);
    const index = timers.mock.calls.findIndex(([, ms]) => ms === 30_000);
    const [expire] = timers.mock.calls[index] ?? [];
    expect(cleared.mock.calls.flat()).not.toContain(timers.mock.results[index]?.value);
    timers.mockRestore();
    cleared.mockRestore();
    const outcome = statusOf(stream);
    expire?.();
    expect((await outcome).code).toBe(status.DEADLINE_EXCEEDED);
  });

  it.each([REFLECT, `${HEALTH}/Watch`])('ends a call of a stranger at %s after ten minutes', async (path) => {
    const timers = jest.spyOn(globalThis, 'setTimeout');
    const deadlines = () => timers.mock.calls.filter(([, ms]) => ms === 600_000).map(([expire]) => expire);
    const stream = open(path);
    if (path !== REFLECT) {
      const watched = once(stream, 'data');
      stream.end(Buffer.concat([frame(3), Buffer.from([0x0a, 1, 0x41])]));
      expect([...((await watched) as [Buffer])[0]].at(-1)).toBe(3); // SERVICE_UNKNOWN
    }
    while (deadlines().length === 0) await new Promise((resolve) => setImmediate(resolve));
    const [expire] = deadlines();
    timers.mockRestore();
    const outcome = statusOf(stream);
    expire?.();
    expect((await outcome).code).toBe(status.DEADLINE_EXCEEDED);
  });

  it.each([REFLECT, `${HEALTH}/Check`])('refuses at %s what is no message, as elsewhere', async (path) => {
    const stream = open(path);
    stream.end(Buffer.concat([frame(2), Buffer.from([0x0a, 0xff])]));
    expect(await statusOf(stream)).toEqual({ code: status.INVALID_ARGUMENT, reason: 'MALFORMED_REQUEST' });
  });

  it.each(['abc', '1', 'S', '1X', ''])('refuses the deadline "%s" to strangers and to callers', async (timeout) => {
    const strangers = [CHECK, ECHO].map((path) => open(path, { 'grpc-timeout': timeout }));
    const known = [CHECK, ECHO].map((path) => open(path, { ...withToken(), 'grpc-timeout': timeout }));
    const outcomes = [...strangers, ...known].map(statusOf);
    for (const { code } of await Promise.all(outcomes)) expect(status[code]).toBe('INVALID_ARGUMENT');
  });

  it('counts metadata by its bytes, however many entries there are', async () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, '1']));
    const stream = open(CHECK, { ...withToken(), ...many(1_000) });
    stream.end(frame(0));
    // What the service of these tests answers with.
    expect(await statusOf(stream)).toEqual({ code: status.INTERNAL, reason: 'INTERNAL' });
    const large = { ...withToken(), ...many(400), 'x-filler': 'x'.repeat(16_000) };
    expect(await statusOf(open(CHECK, large))).toEqual({ code: status.RESOURCE_EXHAUSTED, reason: 'TOO_LARGE' });
  });

  it('says of a compression that it does not know that it is none of its own', async () => {
    const stream = open(CHECK, { ...withToken(), 'grpc-encoding': 'br' });
    stream.end(Buffer.concat([frame(2, 1), Buffer.from('xx')]));
    expect((await statusOf(stream)).reason).toBe('UNSUPPORTED_MEDIA_TYPE');
  });

  it('tells a reply of a wrong shape as a mistake of ours', async () => {
    const stream = open(CHECK, withToken());
    stream.end(frame(0));
    expect(await statusOf(stream)).toEqual({ code: status.INTERNAL, reason: 'INTERNAL' });
  });
});

describe.each([
  ['::1', 'http://[::1]:'],
  ['::', 'http://[::1]:'],
  ['localhost', 'http://'],
])('on %s', (KEYLEDGER_HOST, url) => {
  it('both doors answer', async () => {
    const server = await serve([], { KEYLEDGER_HOST, KEYLEDGER_LOCAL_ISSUER: 'any-host' });
    expect(server.httpUrl.startsWith(url)).toBe(true);
    expect((await fetch(`${server.httpUrl}/health/live`)).status).toBe(200);
    const session = connect(`http://${server.grpcAddress.replace('[::]', '[::1]')}`);
    const path = '/grpc.health.v1.Health/Check';
    const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc' });
    stream.end(frame(0));
    const [trailers] = (await once(stream.resume(), 'trailers')) as [IncomingHttpHeaders];
    expect(trailers['grpc-status']).toBe('0');
    session.close();
    await server.close();
  });
});

describe('a server', () => {
  it('breaks off an answer that cannot be finished', async () => {
    const server = await serve([slice({ routes: [brokenRoute] })]);
    // Whether the head has come or not, the end is no end of an answer.
    await expect(fetch(`${server.httpUrl}/toys/broken`).then((reply) => reply.text())).rejects.toThrow();
    await server.close();
  });

  it('refuses new work in the same words at both doors while it stops, and goes on telling how it is', async () => {
    let goOn = (): void => undefined;
    let isStopping = (): void => undefined;
    const stopping = new Promise<void>((resolve) => (isStopping = resolve));
    @Injectable()
    class Slow implements OnModuleDestroy {
      onModuleDestroy(): Promise<void> {
        isStopping();
        return new Promise((resolve) => (goOn = resolve));
      }
    }
    @Module({ providers: [Slow] })
    class SlowModule {}
    const server = await serve([{ ...slice({ services: [toysService] }), module: () => SlowModule }]);
    const authorization = `Bearer ${await server.tokenFor('viewer')}`;
    const session = connect(`http://${server.grpcAddress}`);
    const closed = server.close();
    await stopping;
    const text = 'This server is stopping; nothing was stored. Try again.';
    const reply = await fetch(`${server.httpUrl}/v1/anything`, { headers: { authorization } });
    expect([reply.status, ((await reply.json()) as { detail: string }).detail]).toEqual([503, text]);
    const trailersOf = async (path: string): Promise<IncomingHttpHeaders> => {
      const headers = { ':method': 'POST', ':path': path, 'content-type': 'application/grpc', authorization };
      const stream = session.request(headers);
      stream.end(frame(0));
      const [trailers] = (await once(stream.resume(), 'trailers')) as [IncomingHttpHeaders];
      return trailers;
    };
    expect(await trailersOf(CHECK)).toMatchObject({
      'grpc-status': String(status.UNAVAILABLE),
      'grpc-message': encodeURI(text),
    });
    expect(await trailersOf('/grpc.health.v1.Health/Check')).toMatchObject({ 'grpc-status': '0' });
    goOn();
    session.close();
    await closed;
  });

  it('is closed although a caller goes on streaming', async () => {
    const server = await serve([slice({ services: [toysService] })]);
    const session = connect(`http://${server.grpcAddress}`).on('error', () => undefined);
    const authorization = `Bearer ${await server.tokenFor('viewer')}`;
    const headers = { ':method': 'POST', ':path': ECHO, 'content-type': 'application/grpc', authorization };
    const stream = session.request(headers).on('error', () => undefined);
    const echoed = once(stream, 'data');
    stream.write(frame(0));
    await echoed;
    await server.close();
    if (!session.destroyed) await once(session, 'close');
  });

  it.each<readonly [string, readonly GrpcService[], RegExp]>([
    [
      'an RPC that the proto lacks',
      [{ ...toysService, handlers: { Chekc: async () => ({}) } }],
      /^toys\.v1\.Toys has no RPC Chekc: it has Check, Echo, Count\.$/,
    ],
    ['a service that no proto declares', [{ ...toysService, name: 'toys.v1.Tosy' }], /^No proto declares the service/],
    ['a service twice', [toysService, toysService], /^\/toys\.v1\.Toys\/Check is served twice/],
  ])('refuses to start with %s', async (_, services, message) => {
    await expect(serve([slice({ services })])).rejects.toThrow(message);
  });
});
