import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import secureJson from 'secure-json-parse';
import { Problem } from './problem.js';
import { sendProblem } from './problems.filter.js';
import type { RequestLog } from './request-log.js';
import type { RouteTable } from './route-table.js';
import { toProblem } from './to-problem.js';

export const MAX_BODY_BYTES = 256 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });

const malformed = (what: string): Problem => new Problem('malformed-request', `The body is not ${what}.`);

const decode = (body: Buffer): string => {
  try {
    return utf8.decode(body);
  } catch {
    throw malformed('valid UTF-8');
  }
};

/** JSON as RFC 8259 has it; `__proto__` and `constructor.prototype` are refused, as they could poison an object. */
const parseJson = (body: Buffer): unknown => {
  if (body.length === 0) return undefined;
  const text = decode(body);
  try {
    return secureJson.parse(text, { protoAction: 'error', constructorAction: 'error' });
  } catch {
    throw malformed('valid JSON');
  }
};

export const httpAdapter = (): FastifyAdapter =>
  new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: 30_000,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, toProblem(error)),
  });

/** Everything that happens before Nest sees a request: the log, known routes, who asks, and how a body is read. */
export const prepareHttp = (
  fastify: FastifyInstance,
  routes: RouteTable,
  requestLog: RequestLog,
  authenticate: (authorization: string | undefined, ip: string) => Promise<unknown>,
): void => {
  requestLog.observeHttp(fastify);
  fastify.addHook('onRoute', ({ method, url }) => routes.add(method, url));
  fastify.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    // The route as it was matched: its path may have come percent-encoded.
    if (!(request.routeOptions.url ?? request.url).startsWith('/v1/')) return;
    void reply.header('cache-control', 'no-store');
    // Before the body is read, so that a stranger cannot make us parse anything.
    await authenticate(request.headers.authorization, request.ip);
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    try {
      done(null, parseJson(body));
    } catch (error) {
      done(error as Problem);
    }
  });
};
