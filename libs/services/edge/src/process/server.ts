import 'reflect-metadata';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { HealthImplementation } from 'grpc-health-check';
import { Logger } from 'nestjs-pino';
import { AccessGuard } from '../access/access.guard.js';
import { admit } from '../access/admission.js';
import { EdgeModule, type Foundation } from './edge.module.js';
import { followReadiness } from '../grpc/grpc-health.js';
import { grpcOptions } from '../grpc/grpc-server.js';
import { httpAdapter, prepareHttp } from '../http/http-server.js';
import { serveOpenApi } from '../http/open-api.js';
import { Problem } from '../operation/problem.js';
import { ProblemsFilter } from '../http/problems.filter.js';
import { Readiness } from '../observing/readiness.js';
import { RequestLog } from '../observing/request-log.js';
import { RouteTable } from '../http/route-table.js';
import { SecurityLog } from '../access/security-log.js';
import { storeProbes } from '../observing/store-probes.js';
import { validationPipe } from '../operation/validation.js';

export interface RunningServer {
  readonly httpUrl: string;
  readonly grpcAddress: string;
  /** Refuses new requests, finishes those under way, and stops the services. */
  close(): Promise<void>;
}

/** A module of Nest that serves some operations of the API. */
export type Slice = Type<unknown> | DynamicModule;

@Module({})
class ServerModule {
  static of(foundation: Foundation, slices: readonly Slice[]): DynamicModule {
    return { module: ServerModule, imports: [EdgeModule.register(foundation), ...slices] };
  }
}

/** How long requests under way may take once the server is told to stop. */
const CUT_OFF_MS = 2_300;

const isStopping = new Problem('log-unavailable', 'This server is stopping; nothing was stored. Try again.', [], {
  'Retry-After': '1',
  Connection: 'close',
});

/** Nest does not tell the port that gRPC was bound to, so one is chosen before. */
const freePort = async (host: string): Promise<number> => {
  const probe = createServer().listen(0, host);
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
};

/** Serves the slices through both doors. Rejects when a port is taken. */
export const startServer = async (foundation: Foundation, slices: readonly Slice[]): Promise<RunningServer> => {
  const { config, authenticator } = foundation;
  const app = await NestFactory.create<NestFastifyApplication>(ServerModule.of(foundation, slices), httpAdapter(), {
    // Its account of every route is noise at each start; what goes wrong is thrown.
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  const logger = app.get(Logger);
  const routes = new RouteTable();
  const requestLog = app.get(RequestLog);
  const securityLog = app.get(SecurityLog);
  const health = new HealthImplementation({ '': 'NOT_SERVING' });
  const readiness = app.get(Readiness);
  for (const [part, probe] of Object.entries(storeProbes(foundation))) readiness.add(part, probe);
  let stopping = false;
  const fastify = app.getHttpAdapter().getInstance();
  prepareHttp(fastify, routes, requestLog, async (authorization, ip) => {
    if (stopping) throw isStopping;
    await admit(authenticator, securityLog, authorization, ip);
  });
  app.useGlobalPipes(validationPipe());
  app.useGlobalGuards(new AccessGuard(authenticator, securityLog));
  app.useGlobalFilters(new ProblemsFilter(routes, logger));
  const grpcAddress = `${config.host}:${config.grpcPort === 0 ? await freePort(config.host) : config.grpcPort}`;
  app.connectMicroservice(grpcOptions(grpcAddress, health, requestLog), { inheritAppConfig: true });
  serveOpenApi(app);
  await app.startAllMicroservices();
  await app.listen(config.httpPort, config.host);
  app.useLogger(logger);
  const stopHealth = await followReadiness(health, readiness);
  return {
    httpUrl: await app.getUrl(),
    grpcAddress,
    close: async () => {
      stopping = true;
      stopHealth();
      // A client that has sent half a request may never send the rest.
      setTimeout(() => fastify.server.closeAllConnections(), CUT_OFF_MS).unref();
      await app.close();
    },
  };
};
