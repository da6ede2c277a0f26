import 'reflect-metadata';
import { lookup } from 'node:dns/promises';
import type { AddressInfo } from 'node:net';
import type { Server } from '@grpc/grpc-js';
import { PACKAGE } from '@keyledger/contract/protos';
import { Module, type DynamicModule, type LoggerService } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, MetadataScanner, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { HealthImplementation } from 'grpc-health-check';
import { Logger, PinoLogger } from 'nestjs-pino';
import { Admission } from '../access/admission.js';
import { clientIpBehind } from '../access/client-ip.js';
import { Limits } from '../access/limits.js';
import { SecurityLog } from '../access/security-log.js';
import { gatewaysIn } from '../access/trusted-gateways.js';
import { grpcServer } from '../grpc/grpc-door.js';
import { followReadiness } from '../grpc/grpc-health.js';
import { encodeProblem } from '../grpc/grpc-status.js';
import { httpAdapter, prepareHttp } from '../http/http-door.js';
import { docsRoutes, welcomeRoutes } from '../http/open-api.js';
import { ProblemsFilter, RouteTable } from '../http/problems.filter.js';
import { logger } from '../observing/logging.js';
import { Readiness, storeProbes } from '../observing/readiness.js';
import { RequestLog } from '../observing/request-log.js';
import { OperationGuard } from '../operation/operation.guard.js';
import { operationOf } from '../operation/operation.js';
import { toProblem } from '../operation/problem.js';
import { validationPipe } from '../operation/fields.js';
import { openDoorTls } from '../tls/door-tls.js';
import { credentialsOf } from '../tls/grpc-credentials.js';
import { EdgeModule, type Foundation } from './edge.module.js';
import { addressOf, freePort } from './ports.js';
import type { Find, Slice } from './slice.js';

export interface RunningServer {
  readonly httpUrl: string;
  readonly grpcAddress: string;
  /** Refuses new requests, finishes those under way, and stops the services. */
  close(): Promise<void>;
}

const moduleOf = async ({ module, controllers = [] }: Slice, foundation: Foundation): Promise<DynamicModule> => {
  const made = await module(foundation);
  return { ...('module' in made ? made : { module: made }), controllers: [...controllers] };
};

@Module({})
class ServerModule {
  static async of(foundation: Foundation, slices: readonly Slice[]): Promise<DynamicModule> {
    const modules = await Promise.all(slices.map((slice) => moduleOf(slice, foundation)));
    return { module: ServerModule, imports: [DiscoveryModule, EdgeModule.register(foundation), ...modules] };
  }
}

/** How long requests under way may take once the server is told to stop. */
const CUT_OFF_MS = 3_300;

/** Where Nest keeps what a handler answers over gRPC. */
const PATTERNS = 'microservices:pattern';

const patternsOf = (handler: object) =>
  (Reflect.getMetadata(PATTERNS, handler) ?? []) as readonly { readonly service: string; readonly rpc: string }[];

const handlersOf = (app: NestFastifyApplication): readonly object[] => {
  const scanner = app.get(MetadataScanner);
  const controllers = app.get(DiscoveryService).getControllers();
  return controllers.flatMap(({ metatype }) => {
    const prototype = (metatype as { prototype: Record<string, object> }).prototype;
    return scanner.getAllMethodNames(prototype).map((name) => prototype[name] ?? {});
  });
};

/** Every operation behind an RPC that the controllers of the slices declare, and what Nest would serve beside them. */
const rpcsOf = (app: NestFastifyApplication) => {
  const handlers = handlersOf(app);
  const strays = handlers.filter((handler) => operationOf(handler) === undefined).flatMap(patternsOf);
  const operations = handlers.flatMap((handler) => operationOf(handler) ?? []);
  return {
    operations: operations.filter(({ accounts }) => accounts !== 'all'),
    strays: new Set(
      strays.map(({ service, rpc }) => `/${service.includes('.') ? '' : `${PACKAGE}.`}${service}/${rpc}`),
    ),
  };
};

/** What an error tells a caller of gRPC; logs what nobody foresaw. */
const statusesWith = (logger: Logger) => (error: unknown) => {
  const problem = toProblem(error);
  if (problem.code === 'internal') logger.error(error);
  return encodeProblem(problem);
};

/** Fastify opens a second server for `localhost`, which it gives to nobody, so that the door could not bound it. */
const oneAddressOf = async (host: string): Promise<string> =>
  host === 'localhost' ? (await lookup(host)).address : host;

const urlOf = ({ host, tlsCertFile }: Foundation['config'], { port }: AddressInfo): string => {
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `${tlsCertFile === null ? 'http' : 'https'}://${addressOf(reachable, port)}`;
};

/** Its account of every module and route is noise at each start. */
const NOISE = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'NestMicroservice',
  'RouterExplorer',
  'RoutesResolver',
]);

/** What the slices have to say while they start is as important as what comes later. */
const startLogger = (config: Foundation['config']): LoggerService => {
  const start = new Logger(new PinoLogger({ pinoHttp: { logger: logger(config) } }), {});
  const isNoise = (context: unknown): boolean => NOISE.has(String(context));
  return {
    log: (message: unknown, context?: unknown) => {
      if (!isNoise(context)) start.log(message, context);
    },
    warn: (message: unknown, ...more: unknown[]) => start.warn(message, ...more),
    error: (message: unknown, ...more: unknown[]) => start.error(message, ...more),
  };
};

/** For who asks for a path that is none. */
const hintOf = (docs: boolean, apart: string | undefined): string =>
  (docs ? ' The API is described at /docs.' : '') +
  (apart === undefined ? '' : ` This is the ${apart}: other services have the other routes.`);

/**
 * Serves the slices through both doors. `apart` names a service that serves a part of the API. Rejects when a port is
 * taken.
 */
export const startServer = async (
  foundation: Foundation,
  slices: readonly Slice[],
  apart?: string,
): Promise<RunningServer> => {
  const { config, authenticator } = foundation;
  const tls = await openDoorTls(config);
  const module = await ServerModule.of(foundation, slices);
  const app = await NestFactory.create<NestFastifyApplication>(module, httpAdapter(tls), {
    logger: startLogger(config),
    bodyParser: false,
    abortOnError: false,
  });
  const log = app.get(Logger);
  const requestLog = app.get(RequestLog);
  const securityLog = app.get(SecurityLog);
  const readiness = app.get(Readiness);
  const outlivesStores = slices.every((slice) => slice.outlivesStores === true);
  for (const [part, probe] of Object.entries(storeProbes(foundation))) {
    if (outlivesStores) readiness.watch(part, probe);
    else readiness.add(part, probe);
  }
  const find: Find = (token) => app.get(token, { strict: false });
  const limits = app.get(Limits);
  const trust = { clientIp: clientIpBehind(config.trustedProxies), gateways: gatewaysIn(config.trustedGateways) };
  const admission = new Admission(authenticator, securityLog, trust, limits);
  const routeTable = new RouteTable(hintOf(config.docs, apart));
  const fastify = app.getHttpAdapter().getInstance();
  const pages = slices.flatMap((slice) => slice.pages?.(find) ?? []);
  const welcome = welcomeRoutes(config.docs, pages[0]?.path);
  const docs = config.docs ? docsRoutes() : [];
  const routes = [...welcome, ...docs, ...pages, ...slices.flatMap((slice) => slice.routes?.(find) ?? [])];
  const quick = slices.flatMap((slice) => slice.quick?.(find) ?? []);
  const onLost = (error: unknown): void => log.error(error);
  prepareHttp(fastify, { routeTable, requestLog, admission, routes, quick, onLost });
  app.useGlobalPipes(validationPipe());
  app.useGlobalGuards(new OperationGuard(securityLog, limits));
  app.useGlobalFilters(new ProblemsFilter(log));
  const health = new HealthImplementation({ '': 'NOT_SERVING' });
  const { host, httpPort, grpcPort } = config;
  const grpcAddress = addressOf(host, grpcPort === 0 ? await freePort(host) : grpcPort);
  const services = slices.flatMap((slice) => slice.services?.(find) ?? []);
  let serverOfGrpc: Server | undefined;
  const onServer = (server: Server): void => void (serverOfGrpc = server);
  const toStatus = statusesWith(log);
  const credentials = credentialsOf(tls);
  const told = { health, toStatus, onServer, reflects: config.docs };
  const door = { ...rpcsOf(app), services, admission, requestLog, credentials, ...told };
  app.connectMicroservice({ strategy: grpcServer(grpcAddress, door) }, { inheritAppConfig: true });
  await app.startAllMicroservices();
  await app.listen(httpPort, await oneAddressOf(host));
  app.useLogger(log);
  const stopHealth = await followReadiness(health, readiness);
  return {
    httpUrl: urlOf(config, fastify.server.address() as AddressInfo),
    grpcAddress,
    close: async () => {
      admission.stop();
      stopHealth();
      tls?.close();
      // A client that has sent half a request may never send the rest, and one that streams may never end.
      const cutOff = setTimeout(() => {
        fastify.server.closeAllConnections();
        serverOfGrpc?.forceShutdown();
      }, CUT_OFF_MS).unref();
      await app.close().finally(() => clearTimeout(cutOff));
    },
  };
};
