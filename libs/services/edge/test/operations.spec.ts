import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  status,
  type handleUnaryCall,
  type ServiceError,
} from '@grpc/grpc-js';
import { LogUnavailable } from '@keyledger/event-log';
import { Body, Catch, Controller, Get, Module, Param, Post, type ArgumentsHost } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { jest } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { HealthImplementation, service as healthService } from 'grpc-health-check';
import { PinoLogger } from 'nestjs-pino';
import { CONFIG, parseConfig } from '../src/settings/config.js';
import { followReadiness } from '../src/grpc/grpc-health.js';
import { httpAdapter } from '../src/http/http-door.js';
import { loggerModule } from '../src/observing/logging.js';
import { Metrics } from '../src/observing/metrics.js';
import { MetricsToken } from '../src/observing/metrics-token.js';
import { OperationsController } from '../src/observing/operations.controller.js';
import { Admission } from '../src/access/admission.js';
import { Authenticator } from '../src/access/authenticator.js';
import { clientIpBehind } from '../src/access/client-ip.js';
import { Limits, limitsOf } from '../src/access/limits.js';
import { Problem, problemBody } from '../src/operation/problem.js';
import { Readiness } from '../src/observing/readiness.js';
import { noteKnownCaller, RequestLog } from '../src/observing/request-log.js';
import { SecurityLog } from '../src/access/security-log.js';

const config = parseConfig({ KEYLEDGER_LOG_LEVEL: 'debug', KEYLEDGER_METRICS_TOKEN: 'scrape-me-if-you-can' });
const bearer = { authorization: 'Bearer scrape-me-if-you-can' };
const withoutToken = parseConfig({ KEYLEDGER_LOG_LEVEL: 'debug' });
let configured = config;
const CANARY = 'kcs_canary';
const elsewhere = { remoteAddress: '192.0.2.7' };

let lines: Record<string, unknown>[] = [];
const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };

const healthCheck = healthService['Check'];
if (healthCheck === undefined || !('path' in healthCheck)) throw new Error('grpc.health.v1 has changed');

@Controller('things')
class ThingsController {
  constructor(private readonly logger: PinoLogger) {}

  @Get(':id')
  show(@Param('id') id: string): string {
    this.logger.info('showing');
    return id;
  }

  @Post()
  make(@Body() body: { code: 'not-found' | 'internal' }): never {
    throw new Problem(body.code, 'No.');
  }
}

@Catch(Problem)
class TestFilter {
  catch(problem: Problem, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    void reply.status(problem.status).type('application/problem+json').send(problemBody(problem));
  }
}

@Module({
  imports: [loggerModule(config, destination), TerminusModule.forRoot({ logger: false })],
  controllers: [OperationsController, ThingsController],
  providers: [
    { provide: CONFIG, useFactory: () => configured },
    { provide: Limits, useFactory: () => new Limits(limitsOf(configured)) },
    ...[Metrics, MetricsToken, Readiness, RequestLog, SecurityLog],
  ],
})
class TestModule {}

const openApp = async (): Promise<NestFastifyApplication> => {
  const app = await NestFactory.create<NestFastifyApplication>(TestModule, httpAdapter(), { logger: false });
  const fastify = app.getHttpAdapter().getInstance();
  app.get(RequestLog).observeHttp(fastify);
  const trust = { clientIp: clientIpBehind([]), gateways: () => undefined };
  const admission = new Admission(new Authenticator([], config), app.get(SecurityLog), trust, app.get(Limits));
  fastify.addHook('onRequest', async (request) => {
    if (request.headers.authorization === 'known') noteKnownCaller(request);
    await admission.admit(request, '', { open: 'all is' }, { correlationId: '', peer: '', header: () => undefined });
  });
  app.useGlobalFilters(new TestFilter());
  await app.init();
  return app;
};

describe('operations', () => {
  let app: NestFastifyApplication;
  beforeEach(async () => {
    app = await openApp();
    lines = [];
  });
  afterEach(() => app.close());

  const requestLines = (): Record<string, unknown>[] => lines.filter(({ msg }) => msg === 'Request');
  const metrics = (): Promise<string> => app.get(Metrics).registry.metrics();

  describe('GET /metrics', () => {
    const openWithoutToken = async (): Promise<void> => {
      await app.close();
      configured = withoutToken;
      app = await openApp();
      configured = config;
    };

    it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('answers this machine (%s)', async (remoteAddress) => {
      await openWithoutToken();
      const reply = await app.inject({ url: '/metrics', remoteAddress });
      expect(reply.statusCode).toBe(200);
      expect(reply.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
      expect(reply.body).toContain('process_cpu_seconds_total');
    });

    it.each([
      ['keyledger.example', 403],
      ['192.0.2.7:3000', 403],
      ['localhost.example', 403],
      ['localhost:3000', 200],
      ['127.0.0.1', 200],
      ['[::1]:3000', 200],
    ])('asked as %s from this machine answers %s', async (host, expected) => {
      await openWithoutToken();
      expect((await app.inject({ url: '/metrics', headers: { host } })).statusCode).toBe(expected);
    });

    it.each([
      ['without a token', {}, elsewhere],
      ['with another token', { authorization: 'Bearer scrape-me-if-you-cant' }, elsewhere],
      ['without a token, on this machine', {}, {}],
      ['through a gateway on this machine', { 'x-forwarded-for': '192.0.2.7' }, {}],
      ['through a gateway that speaks RFC 7239', { forwarded: 'for=192.0.2.7' }, {}],
    ])('refuses others %s', async (_, headers, from) => {
      const reply = await app.inject({ url: '/metrics', headers, ...from });
      expect(reply.statusCode).toBe(403);
      expect(reply.json()).toMatchObject({ code: 'forbidden' });
      expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/);
    });
  });

  describe('GET /health', () => {
    it('is live without any part', async () => {
      const reply = await app.inject({ url: '/health/live', ...elsewhere });
      expect(reply.statusCode).toBe(200);
      expect(reply.json()).toMatchObject({ status: 'ok' });
    });

    it('is ready when every part is, with what each says', async () => {
      app.get(Readiness).add('log', async () => ({ up: true, state: 'following', position: 'p-01' }));
      const reply = await app.inject({ url: '/health/ready', headers: bearer, ...elsewhere });
      expect(reply.statusCode).toBe(200);
      expect(reply.json()).toMatchObject({
        status: 'ok',
        details: { log: { status: 'up', state: 'following', position: 'p-01' } },
      });
    });

    it.each([200, 503])('tells strangers the parts, and up or down (%s)', async (expected) => {
      app.get(Readiness).add('log', async () => ({ up: true, logId: 'l-1', position: 'p-01' }));
      app.get(Readiness).add('listing', async () => ({ up: expected === 200, reason: 'poison event' }));
      const other = { authorization: 'Bearer scrape-me-if-you-cant' };
      for (const headers of [{}, other]) {
        const reply = await app.inject({ url: '/health/ready', headers });
        expect(reply.statusCode).toBe(expected);
        const listing = { status: expected === 200 ? 'up' : 'down' };
        expect(reply.json()).toMatchObject({ details: { log: { status: 'up' }, listing } });
        expect(reply.json<{ details: { log: object } }>().details.log).toEqual({ status: 'up' });
        expect(reply.body).not.toMatch(/p-01|l-1|poison/);
      }
    });

    it('is not ready when one part is not, and says why', async () => {
      app.get(Readiness).add('log', async () => ({ up: true }));
      app.get(Readiness).add('listing', async () => ({ up: false, reason: 'poison event', status: 'up' }));
      const reply = await app.inject({ url: '/health/ready', headers: bearer });
      expect(reply.statusCode).toBe(503);
      expect(reply.json()).toMatchObject({
        status: 'error',
        info: { log: { status: 'up' } },
        error: { listing: { status: 'down', reason: 'poison event' } },
      });
      expect((await app.inject('/health/live')).statusCode).toBe(200);
    });

    it('takes a probe that throws for a part that is down, and keeps the error to the log', async () => {
      app.get(Readiness).add('database', () => Promise.reject(new Error('no route to 10.0.0.9')));
      const reply = await app.inject({ url: '/health/ready', headers: bearer });
      expect(reply.statusCode).toBe(503);
      expect(reply.json()).toMatchObject({ error: { database: { status: 'down', reason: 'the probe failed' } } });
      expect(reply.body).not.toContain('10.0.0.9');
      const [line] = lines.filter(({ part }) => part === 'database');
      expect(line).toMatchObject({ level: 'warn', err: { message: 'no route to 10.0.0.9' } });
    });

    it('tells a part that does not answer from a probe that is broken', async () => {
      app.get(Readiness).add('log', () => Promise.reject(new LogUnavailable('no answer of 10.0.0.9')));
      const reply = await app.inject({ url: '/health/ready', headers: bearer });
      expect(reply.json()).toMatchObject({ error: { log: { status: 'down', reason: 'it does not answer' } } });
      expect(reply.body).not.toContain('10.0.0.9');
    });

    it('says once that a part is down, and once that it is up again, and counts it so', async () => {
      let up = true;
      app.get(Readiness).add('log', async () => (up ? { up } : { up, reason: 'it does not answer' }));
      await app.inject('/health/ready');
      up = false;
      await app.inject('/health/ready');
      await app.inject('/health/ready');
      expect(await metrics()).toMatch(/^keyledger_part_up{part="log"} 0$/m);
      up = true;
      await app.inject('/health/ready');
      expect(await metrics()).toMatch(/^keyledger_part_up{part="log"} 1$/m);
      expect(lines.filter(({ part }) => part === 'log').map(({ level, msg, reason }) => [level, msg, reason])).toEqual([
        ['warn', 'A part is down', 'it does not answer'],
        ['info', 'A part is up again', undefined],
      ]);
    });

    it('does not wait for a part that does not answer', async () => {
      jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance'] });
      try {
        app.get(Readiness).add('log', () => new Promise(() => undefined));
        const ready = app.get(Readiness).isReady();
        await jest.advanceTimersByTimeAsync(2_500);
        expect(await ready).toBe(false);
      } finally {
        jest.useRealTimers();
      }
    });

    it('is the same through gRPC', async () => {
      const told: string[] = [];
      const health = new HealthImplementation({ '': 'NOT_SERVING' });
      health.setStatus = (_, serving) => void told.push(serving);
      let up = false;
      app.get(Readiness).add('log', async () => ({ up }));
      const stop = await followReadiness(health, app.get(Readiness), 5);
      up = true;
      while (told.at(-1) !== 'SERVING') await delay(1);
      stop();
      expect(told).toEqual(['NOT_SERVING', 'SERVING', 'NOT_SERVING']);
    });

    it('has one probe for each part', () => {
      const probe = async (): Promise<{ up: boolean }> => ({ up: true });
      app.get(Readiness).add('log', probe);
      expect(() => app.get(Readiness).add('log', probe)).toThrow('log already');
    });
  });

  describe('the request log', () => {
    it('has route, status and time of a request, and nothing that the caller sent', async () => {
      await app.inject({ url: `/things/${CANARY}?q=${CANARY}`, headers: { authorization: `Bearer ${CANARY}` } });
      expect(requestLines()).toEqual([
        expect.objectContaining({ level: 'debug', door: 'http', operation: 'GET /things/:id', status: '200' }),
      ]);
      expect(requestLines()[0]?.['ms']).toEqual(expect.any(Number));
      expect(JSON.stringify(lines)).not.toContain(CANARY);
    });

    it('is louder about failures, and about refusals of known callers', async () => {
      const refused = { method: 'POST', url: '/things', payload: { code: 'not-found', secret: CANARY } } as const;
      for (const headers of [{ authorization: 'known' }, {}]) await app.inject({ ...refused, headers });
      await app.inject({ method: 'POST', url: '/things', payload: { code: 'internal', secret: CANARY } });
      await app.inject({ url: `/${CANARY}` });
      expect(requestLines().map(({ level, operation, status: sent }) => [level, operation, sent])).toEqual([
        ['info', 'POST /things', '404'],
        ['debug', 'POST /things', '404'],
        ['error', 'POST /things', '500'],
        ['debug', 'unmatched', '404'],
      ]);
      expect(JSON.stringify(lines)).not.toContain(CANARY);
    });

    it('keeps a correlation id from the request through all its lines to the reply', async () => {
      const reply = await app.inject({ url: '/things/1', headers: { 'x-correlation-id': 'trace:1.a' } });
      expect(reply.headers['x-correlation-id']).toBe('trace:1.a');
      expect(lines.map(({ msg, correlationId }) => [msg, correlationId])).toEqual([
        ['showing', 'trace:1.a'],
        ['Request', 'trace:1.a'],
      ]);
    });

    it('gives each request an id of its own, whatever the caller sends', async () => {
      const headers = { 'x-correlation-id': 'trace:1.a', 'x-request-id': 'mine' };
      await app.inject({ url: '/things/1', headers });
      await app.inject({ url: '/things/1', headers });
      const [shown, requested, ...second] = lines.map(({ requestId }) => requestId);
      expect(shown).toMatch(/^[0-9a-f-]{36}$/);
      expect(requested).toBe(shown);
      expect(second).toEqual([second[0], second[0]]);
      expect(second[0]).not.toBe(shown);
    });

    it.each([
      ['none', undefined],
      ['an empty one', ''],
      ['one with a space', 'a b'],
      ['one of 129 characters', 'x'.repeat(129)],
    ])('gives an id of its own for %s', async (_, sent) => {
      const reply = await app.inject({
        url: '/things/1',
        headers: sent === undefined ? {} : { 'x-correlation-id': sent },
      });
      const correlationId = reply.headers['x-correlation-id'];
      expect(correlationId).toMatch(/^[0-9a-f-]{36}$/);
      expect(lines.map((line) => line['correlationId'])).toEqual([correlationId, correlationId]);
    });

    it('counts requests by route and status', async () => {
      await app.inject('/things/1');
      await app.inject('/things/2');
      expect(await metrics()).toContain(
        'keyledger_requests_total{door="http",operation="GET /things/:id",status="200"} 2',
      );
      expect(await metrics()).toContain('keyledger_request_seconds_count{door="http",operation="GET /things/:id"} 2');
    });
  });

  describe('the request log of gRPC', () => {
    let server: Server;
    let client: Client;
    const check = (service: string, metadata = new Metadata()): Promise<ServiceError | null> =>
      new Promise((resolve) => {
        const { path, requestSerialize, responseDeserialize } = healthCheck;
        client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { service }, metadata, resolve);
      });

    beforeEach(async () => {
      server = new Server({ interceptors: [app.get(RequestLog).observeGrpc()] });
      const health = new HealthImplementation({ '': 'SERVING' });
      const addService = server.addService.bind(server);
      // Something that writes a line while it answers.
      server.addService = (service, handlers) => {
        const answer = handlers['check'] as handleUnaryCall<unknown, unknown>;
        const check: handleUnaryCall<unknown, unknown> = (call, callback) => {
          PinoLogger.root.info('checking');
          answer(call, callback);
        };
        addService(service, { ...handlers, check });
      };
      health.addToServer(server);
      const port = await new Promise<number>((resolve, reject) =>
        server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
          error === null ? resolve(bound) : reject(error),
        ),
      );
      client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    });
    afterEach(() => {
      client.close();
      server.forceShutdown();
    });

    it('keeps the ids of a request through all its lines', async () => {
      await check('');
      await check('');
      const ids = lines.map(({ msg, requestId, correlationId }) => ({ msg, requestId, correlationId }));
      expect(ids.map(({ msg }) => msg)).toEqual(['checking', 'Request', 'checking', 'Request']);
      expect(ids[0]).toEqual({ ...ids[1], msg: 'checking' });
      expect(ids[0]?.requestId).toMatch(/^[0-9a-f-]{36}$/);
      expect(ids[0]?.correlationId).toMatch(/^[0-9a-f-]{36}$/);
      expect(ids[2]?.requestId).not.toBe(ids[0]?.requestId);
    });

    it('has method, status and correlation id', async () => {
      const metadata = new Metadata();
      metadata.set('x-correlation-id', 'trace-2');
      expect(await check('', metadata)).toBeNull();
      expect((await check('unheard-of'))?.code).toBe(status.NOT_FOUND);
      expect(requestLines()).toEqual([
        expect.objectContaining({
          level: 'debug',
          door: 'grpc',
          operation: healthCheck.path,
          status: 'OK',
          correlationId: 'trace-2',
        }),
        expect.objectContaining({ level: 'debug', door: 'grpc', operation: healthCheck.path, status: 'NOT_FOUND' }),
      ]);
      expect(requestLines()[1]?.['correlationId']).toMatch(/^[0-9a-f-]{36}$/);
      expect(await metrics()).toContain(
        `keyledger_requests_total{door="grpc",operation="${healthCheck.path}",status="OK"} 1`,
      );
    });
  });
});
