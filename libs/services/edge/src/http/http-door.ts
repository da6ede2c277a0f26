import { randomUUID } from 'node:crypto';
import { METHODS, type RequestListener } from 'node:http';
import { Server as TlsServer } from 'node:tls';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Access } from '../access/access.js';
import { arrivalOf, type Admission, type Arrival, type Sent } from '../access/admission.js';
import { CORRELATION_HEADER, correlationIdFrom, type RequestLog } from '../observing/request-log.js';
import { Answer } from '../operation/call.js';
import { invalid, Problem, toProblem } from '../operation/problem.js';
import type { DoorTls } from '../tls/door-tls.js';
import { answerBrokenHead, answerExpectation, safeAnswers } from './broken-heads.js';
import { answerHeaders, MAX_BODY_BYTES, parseJsonWithSource } from './json-bodies.js';
import { sendProblem, type RouteTable } from './problems.filter.js';
import { pathOf, QuickLane, type QuickOperation, type QuickRoute } from './quick-lane.js';
import { requireSound } from './request-line.js';
import type { RouteDocumentation } from './route-documentation.js';
import { boundBody, boundConnections } from './unread-bodies.js';

/** Reads a body as JSON; undefined where there is none. */
const readJson = (body: Buffer): unknown => (body.length === 0 ? undefined : parseJsonWithSource(body));

/** What it is packed or written in beside UTF-8 we would read as something else. */
const requireUtf8 = ({ headers }: FastifyRequest, mediaType: string): void => {
  const [, ...parameters] = (headers['content-type'] ?? '').split(';').map((part) => part.trim());
  // Whatever names a charset must name this one, so that no two readers of the header can differ.
  const charsets = parameters.filter((parameter) => /^charset/i.test(parameter));
  const isUtf8 = charsets.every((charset) => /^charset=("?)utf-?8\1$/i.test(charset));
  const { 'content-encoding': packed = 'identity', 'transfer-encoding': sent = 'chunked' } = headers;
  // Of codings of the transfer Node undoes this one alone, and takes the others for done.
  if (isUtf8 && /^identity$/i.test(packed) && /^chunked$/i.test(sent)) return;
  throw new Problem('unsupported-media-type', `Send the body as ${mediaType} in UTF-8, without any other encoding.`);
};

/** A media type of nothing is none: it must not be refused for a body that is not there. */
const forgetTypeOfNothing = ({ headers }: FastifyRequest): void => {
  const isEmpty = headers['content-length'] === undefined || headers['content-length'] === '0';
  if (isEmpty && headers['transfer-encoding'] === undefined) delete headers['content-type'];
};

/** For a request as a whole. */
const RECEIVE_DEADLINE_MS = 30_000;

/**
 * Node would refuse a request without Host in words of its own; we do in ours. And it would look every half minute only
 * who is late, by the longer of two times: that for a head is a minute unless it is told.
 */
const ofServer = {
  requireHostHeader: false,
  connectionsCheckingInterval: 1_000,
  headersTimeout: RECEIVE_DEADLINE_MS,
};

/** Without its own compilers Fastify loads those of its makers at each start. */
const noSchemas = (): never => {
  throw new Error('Fastify checks nothing here: the input of an operation says what it takes.');
};

export const httpAdapter = (tls?: DoorTls): FastifyAdapter => {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: RECEIVE_DEADLINE_MS,
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    genReqId: () => randomUUID(),
    // Its own answer is none of the contract; the server says that it is stopping.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerBrokenHead,
    ...(tls === undefined ? { http: ofServer } : { https: { ...ofServer, ...tls.serverOptions, ...tls.context } }),
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      // No hook has seen this request.
      const id = correlationIdFrom(request.headers[CORRELATION_HEADER]);
      void reply.headers({ ...safeAnswers(request.raw.socket), [CORRELATION_HEADER]: id });
      sendProblem(reply, toProblem(error));
    },
  });
  const { server } = adapter.getInstance();
  // Node would drop what comes after the first thousand without a word; their size is bounded.
  server.maxHeadersCount = 0;
  boundConnections(server);
  tls?.onRenewal((context) => {
    if (server instanceof TlsServer) server.setSecureContext(context);
  });
  return adapter;
};

/** The body of an Answer; what travels beside it goes into headers. */
const takeApart = (reply: FastifyReply, sent: unknown): unknown => {
  if (!(sent instanceof Answer)) return sent;
  void reply.headers(answerHeaders(sent));
  return sent.body;
};

type ReadBody = (body: Buffer) => unknown;

export type HttpRouteHandler = (request: FastifyRequest, reply: FastifyReply, arrival: Arrival) => Promise<unknown>;

interface PlainRoute {
  /** `ANY`: whatever method another server may be asked with. */
  readonly method: HTTPMethods | HTTPMethods[] | 'ANY';
  /** Path template, with `:name` for a variable part. */
  readonly path: `/${string}`;
  readonly access: Access;
  readonly documentation?: RouteDocumentation;
  /**
   * Reads a body, by its media type; where left out, only application/json is taken. `ignored` is for a body that is
   * meant for somebody else: whatever it is, and however large, it is not waited for.
   */
  readonly bodies?: Readonly<Record<string, ReadBody>> | 'ignored';
  /**
   * Names of the parameters that it takes, each once; `ignored` is for a query that is meant for somebody else. Where
   * left out, none is taken, but at pages open to all.
   */
  readonly query?: readonly string[] | 'ignored';
  /** Of one that takes larger bodies than others, in bytes. */
  readonly bodyLimit?: number;
  /** What it resolves to is sent: an Answer with its headers, else as it is. What it throws becomes a problem. */
  readonly handle: HttpRouteHandler;
}

/**
 * A route past Nest, for what no operation can be: other media types, streams, other ways to authenticate, speed. It is
 * asked too often for a line of the log about each request.
 */
export type HttpRoute = PlainRoute | QuickRoute;

const takeBodies = (fastify: FastifyInstance, mediaType: string, read: ReadBody): void => {
  fastify.addContentTypeParser(mediaType, { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    try {
      if (body.length > 0) requireUtf8(request, mediaType);
      done(null, read(body));
    } catch (error) {
      done(error as Error);
    }
  });
};

/** What else is sent is refused with what is taken. */
const refuseOthers = (fastify: FastifyInstance, mediaTypes: readonly string[]): void => {
  const refusal = new Problem('unsupported-media-type', `Send the body as ${mediaTypes.join(' or ')}.`);
  fastify.addContentTypeParser('*', (_request, _payload, done) => done(refusal));
};

/** What it throws after it has begun to answer by itself can only be told by breaking the answer off. */
const handled =
  (handle: PlainRoute['handle'], onLost: HttpDoor['onLost']) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    try {
      return await handle(request, reply, arrivalOf(request));
    } catch (error) {
      if (!reply.sent && !reply.raw.headersSent) throw error;
      onLost(error);
      if (!reply.raw.writableEnded) reply.raw.destroy();
      return reply.hijack();
    }
  };

/** CONNECT asks for a tunnel. */
const anyMethod = METHODS.filter((method) => method !== 'CONNECT');

const methodsOf = (fastify: FastifyInstance, method: PlainRoute['method']): HTTPMethods[] => {
  if (method !== 'ANY') return [method].flat();
  for (const each of anyMethod) {
    // Fastify has rules of its own for what QUERY must bring, unless it is a method like any other.
    const isOther = each === 'QUERY' || !fastify.supportedMethods.includes(each);
    if (isOther) fastify.addHttpMethod(each, { overrideExisting: true });
  }
  return anyMethod;
};

/** Fastify reads a body by these; Node throws away by itself what nobody has read. */
const forgetBody = ({ headers, method, raw }: FastifyRequest, reply: FastifyReply): void => {
  for (const name of ['content-type', 'content-length', 'transfer-encoding']) delete headers[name];
  // Gateways that leave a body out may leave its length in: what comes next would be taken for the body.
  if (!raw.complete && (method === 'GET' || method === 'HEAD')) void reply.header('connection', 'close');
};

/** For requests that the quick lane does not take. */
const plainly = ({ answer, ...route }: QuickRoute): PlainRoute => ({
  ...route,
  handle: async ({ body }, _, arrival) => answer(body, arrival),
});

/** Requests come to the lane first, and those that it does not take to Fastify. */
const openLane = (server: FastifyInstance['server'], lane: QuickLane): void => {
  const [others] = server.listeners('request') as RequestListener[];
  if (others === undefined) throw new Error('Nothing listens to the server yet.');
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (lane.take(request, response)) return;
    boundBody(request, response);
    others(request, response);
  });
};

/** Undefined where whatever comes is let be. */
const namesOfQuery = (query: PlainRoute['query'], access: Access): readonly string[] | undefined =>
  query === 'ignored' || (query === undefined && 'open' in access) ? undefined : (query ?? []);

const takeOnly =
  (names: readonly string[]) =>
  async ({ query }: FastifyRequest): Promise<void> => {
    for (const [name, value] of Object.entries(query as object)) {
      if (!names.includes(name)) throw invalid(name, 'is not a query parameter of this route');
      if (typeof value !== 'string') throw invalid(name, 'must be there once');
    }
  };

const addRoute = (fastify: FastifyInstance, route: HttpRoute, { admission, onLost }: HttpDoor): void => {
  const { method, path, access, bodies, bodyLimit, query, handle } = 'answer' in route ? plainly(route) : route;
  // In a scope of its own, so that what it reads is read nowhere else.
  void fastify.register(async (scope) => {
    scope.addHook('onRequest', async (request) => admission.countPlain(request));
    const names = namesOfQuery(query, access);
    if (names !== undefined) scope.addHook('preHandler', takeOnly(names));
    if (bodies === 'ignored') scope.addHook('onRequest', async (request, reply) => forgetBody(request, reply));
    else if (bodies !== undefined) {
      scope.removeAllContentTypeParsers();
      for (const [mediaType, read] of Object.entries(bodies)) takeBodies(scope, mediaType, read);
      if (!('*' in bodies)) refuseOthers(scope, Object.keys(bodies));
    }
    const methods = methodsOf(fastify, method);
    scope.route({ method: methods, url: path, bodyLimit, config: { access }, handler: handled(handle, onLost) });
  });
};

/** A path that does not exist tells nobody without a token that it does not. */
const accessOf = (request: FastifyRequest): Access | undefined => {
  if (!request.is404) return request.routeOptions.config.access;
  return request.url.startsWith('/v1/') ? { allow: 'anyone' } : { open: 'there is nothing' };
};

const fromHttp = ({ headers, socket }: FastifyRequest): Sent => ({
  correlationId: String(headers[CORRELATION_HEADER]),
  peer: socket.remoteAddress,
  header: (name) => {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  },
});

interface HttpDoor {
  readonly routeTable: RouteTable;
  readonly requestLog: RequestLog;
  readonly admission: Admission;
  readonly routes: readonly HttpRoute[];
  /** Short ways to operations. */
  readonly quick: readonly QuickOperation[];
  /** Told of an error that no caller can be told any more. */
  readonly onLost: (error: unknown) => void;
}

/** What Nest does not do: the log, known routes, who asks, how a body is read, and how an answer is sent. */
export const prepareHttp = (fastify: FastifyInstance, door: HttpDoor): void => {
  const { routeTable, requestLog, admission, routes, quick } = door;
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(safeAnswers(request.raw.socket));
    done();
  });
  fastify.server.on('checkExpectation', answerExpectation);
  requestLog.observeHttp(fastify, new Set([...routes.map(({ path }) => path), ...quick.map(pathOf)]));
  fastify.addHook('onRoute', ({ method, url }) => routeTable.add(method, url));
  // Before the body is read, so that a stranger cannot make us parse anything.
  fastify.addHook('onRequest', async (request, reply) => {
    requireSound(request.raw);
    forgetTypeOfNothing(request);
    const access = accessOf(request);
    if (access === undefined || !('open' in access)) void reply.header('cache-control', 'no-store');
    const operation = `${request.method} ${request.routeOptions.url ?? 'unmatched'}`;
    await admission.admit(request, operation, access, fromHttp(request));
    if (request.is404) throw routeTable.refusal(request.url);
  });
  // Not an interceptor of Nest: its observables cost as much as deciding a command.
  fastify.addHook('preSerialization', (_request, reply, sent, done) => done(null, takeApart(reply, sent)));
  fastify.removeAllContentTypeParsers();
  takeBodies(fastify, 'application/json', readJson);
  for (const route of routes) addRoute(fastify, route, door);
  const quickRoutes = routes.filter((route) => 'answer' in route);
  openLane(fastify.server, new QuickLane(quickRoutes, quick, { admission, requestLog, onError: door.onLost }));
};
