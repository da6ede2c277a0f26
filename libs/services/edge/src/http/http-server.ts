import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { problemCodes } from '@keyledger/contract';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import secureJson from 'secure-json-parse';
import { Answer } from '../operation/call.js';
import { Problem, problemBody } from '../operation/problem.js';
import { sendProblem } from './problems.filter.js';
import type { RequestLog } from '../observing/request-log.js';
import type { RouteTable } from './route-table.js';
import { toProblem } from '../operation/to-problem.js';

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

/** Parsers of queries take broken percent-encoding as it stands; we refuse it, as in the path. */
const requireDecodable = (url: string): void => {
  try {
    decodeURIComponent(url);
  } catch {
    throw new Problem('malformed-request', 'The URL is not percent-encoded UTF-8.');
  }
};

/** Answers what Node's own parser refuses, before there is a request: a broken or an oversized head. */
const answerBrokenHead = (error: Error & { code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const problem =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new Problem('too-large', 'The headers are larger than 16 KiB.')
      : malformedHead;
  const body = JSON.stringify(problemBody(problem));
  const head = [
    `HTTP/1.1 ${problem.status} ${problemCodes[problem.code].title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
};

const malformedHead = new Problem('malformed-request', 'The head of the request is not HTTP/1.1.');

export const httpAdapter = (): FastifyAdapter =>
  new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: 30_000,
    genReqId: () => randomUUID(),
    // Its own answer is none of the contract; the server says that it is stopping.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerBrokenHead,
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(reply, toProblem(error)),
  });

/** The body of an Answer; what travels beside it goes into headers. */
const takeApart = (reply: FastifyReply, sent: unknown): unknown => {
  if (!(sent instanceof Answer)) return sent;
  void reply.header('keyledger-position', sent.position);
  if (sent.revision !== undefined) void reply.header('etag', `"${sent.revision}"`);
  return sent.body;
};

/** What Nest does not do: the log, known routes, who asks, how a body is read, and how an answer is sent. */
export const prepareHttp = (
  fastify: FastifyInstance,
  routes: RouteTable,
  requestLog: RequestLog,
  authenticate: (authorization: string | undefined, ip: string) => Promise<unknown>,
): void => {
  requestLog.observeHttp(fastify);
  fastify.addHook('onRequest', async (request) => requireDecodable(request.url));
  fastify.addHook('onRoute', ({ method, url }) => routes.add(method, url));
  fastify.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    // The route as it was matched: its path may have come percent-encoded.
    if (!(request.routeOptions.url ?? request.url).startsWith('/v1/')) return;
    void reply.header('cache-control', 'no-store');
    // Before the body is read, so that a stranger cannot make us parse anything.
    await authenticate(request.headers.authorization, request.ip);
  });
  // Not an interceptor of Nest: its observables cost as much as deciding a command.
  fastify.addHook('preSerialization', (_request, reply, sent, done) => done(null, takeApart(reply, sent)));
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    try {
      done(null, parseJson(body));
    } catch (error) {
      done(error as Problem);
    }
  });
};
