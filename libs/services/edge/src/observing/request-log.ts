import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { ServerInterceptingCall, status as grpcStatus, type ServerInterceptor } from '@grpc/grpc-js';
import { Injectable } from '@nestjs/common';
import { holdsSecret } from '@keyledger/secrets';
import type { FastifyInstance } from 'fastify';
import { PinoLogger } from 'nestjs-pino';
import { Metrics, type FinishedRequest } from './metrics.js';
import { AsyncLocalStorage } from 'node:async_hooks';

/** Header and metadata that ties together all that one request causes. */
export const CORRELATION_HEADER = 'x-correlation-id';

/** Requests whose correlation id was a secret of ours: they have got another one, and most are refused. */
const withSecretAsId = new WeakSet<object>();

/** Of a request of Fastify's, or of the metadata of a gRPC call. */
export const broughtSecretAsId = (request: object): boolean => withSecretAsId.has(request);

/** Requests whose caller has a token that is valid. */
const ofKnownCallers = new WeakSet<object>();

/** Of a request of Fastify's, or of the metadata of a gRPC call. */
export const noteKnownCaller = (request: object): void => void ofKnownCallers.add(request);

/** Requests that ask for what nobody can know yet. */
const ofEarlyCallers = new WeakSet<object>();

/** Of a request of Fastify's, or of the metadata of a gRPC call. */
export const noteEarlyCaller = (request: object): void => void ofEarlyCallers.add(request);

/** The id that the caller sent where it is one that can go into logs and headers, else a new one. */
export const correlationIdFrom = (sent: unknown): string =>
  typeof sent === 'string' && /^[\w.:-]{1,128}$/.test(sent) && !holdsSecret(sent) ? sent : randomUUID();

/** The same for a request, which is noted if its id was a secret. */
const correlationIdOf = (request: object, sent: unknown): string => {
  if (typeof sent === 'string' && holdsSecret(sent)) withSecretAsId.add(request);
  return correlationIdFrom(sent);
};

/** What every line about a request carries: its own id, and the one that ties it to others, maybe of other services. */
export interface RequestIds {
  readonly requestId: string;
  readonly correlationId: string;
}

/** Ids for a request that brought this correlation id, if any; undefined where that is a secret. */
export const requestIdsFor = (sent: unknown): RequestIds | undefined =>
  typeof sent === 'string' && holdsSecret(sent)
    ? undefined
    : { requestId: randomUUID(), correlationId: correlationIdFrom(sent) };

/** Everything that a request leads to, in this process, knows its ids. */
const current = new AsyncLocalStorage<RequestIds>();

/** Of the request that is being served; undefined outside of any. */
export const currentRequestIds = (): RequestIds | undefined => current.getStore();

type Level = 'debug' | 'info' | 'error';

/** Who asks, or what is asked, as far as it decides how loud a line is. */
interface Kind {
  readonly isKnown: boolean;
  /** Of what is asked so often, or so early, that only what broke is worth a line: all else is in the metrics. */
  readonly isBusy: boolean;
}

/** Strangers are told what they like to hear, and as often: of that the security log joins what matters. */
const levelOfHttp = (code: number, { isKnown, isBusy }: Kind): Level => {
  if (isBusy) return code === 500 ? 'error' : 'debug';
  if (code >= 500) return 'error';
  return code >= 400 && code !== 429 && isKnown ? 'info' : 'debug';
};

const broken: ReadonlySet<grpcStatus> = new Set([grpcStatus.UNKNOWN, grpcStatus.INTERNAL, grpcStatus.DATA_LOSS]);

const levelOfGrpc = (code: grpcStatus, { isKnown, isBusy }: Kind): Level => {
  if (broken.has(code)) return 'error';
  if (isBusy) return 'debug';
  if (code === grpcStatus.UNAVAILABLE) return 'error';
  return code !== grpcStatus.OK && code !== grpcStatus.RESOURCE_EXHAUSTED && isKnown ? 'info' : 'debug';
};

const ofQuickLane: Kind = { isKnown: true, isBusy: true };

const NONE: ReadonlySet<string> = new Set();

/**
 * Counts the requests of both doors and writes a line for each: never headers, bodies, ids in paths or query strings.
 * Gives each its ids; everything later finds the correlation id in the header or metadata `x-correlation-id`.
 */
@Injectable()
export class RequestLog {
  constructor(private readonly metrics: Metrics) {}

  /** Must come before whatever may refuse a request, so that refusals are logged too. `busy` are paths of routes. */
  observeHttp(fastify: FastifyInstance, busy = NONE): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      const correlationId = correlationIdOf(request, request.headers[CORRELATION_HEADER]);
      // Written back, so that all who ask later find the same one.
      request.headers[CORRELATION_HEADER] = correlationId;
      void reply.header(CORRELATION_HEADER, correlationId);
      current.run({ requestId: request.id, correlationId }, done);
    });
    fastify.addHook('onResponse', async (request, reply) => {
      const route = request.routeOptions.url;
      const operation = route === undefined ? 'unmatched' : `${request.method} ${route}`;
      const { statusCode, elapsedTime: durationMs } = reply;
      const finished = { door: 'http', operation, status: String(statusCode), durationMs } as const;
      const correlationId = String(request.headers[CORRELATION_HEADER]);
      const isBusy = busy.has(route ?? '') || ofEarlyCallers.has(request);
      const kind = { isKnown: ofKnownCallers.has(request), isBusy };
      this.note(levelOfHttp(statusCode, kind), finished, { requestId: request.id, correlationId });
    });
  }

  /**
   * An interceptor that must be the first of the server's, so that it sees the status that is sent. `busy` are names of
   * services.
   */
  observeGrpc(busy = NONE): ServerInterceptor {
    return ({ path: operation }, call) => {
      const isBusyService = busy.has(operation.slice(1, operation.lastIndexOf('/')));
      const startedMs = performance.now();
      let ids: RequestIds | undefined;
      let request: object = {};
      return new ServerInterceptingCall(call, {
        start: (next) =>
          next({
            onReceiveMetadata: (metadata, forward) => {
              const correlationId = correlationIdOf(metadata, metadata.get(CORRELATION_HEADER)[0]);
              metadata.set(CORRELATION_HEADER, correlationId);
              request = metadata;
              ids = { requestId: randomUUID(), correlationId };
              // This is what calls the handler of a request that is a stream.
              current.run(ids, () => forward(metadata));
            },
            // This is what calls the handler of a request that is one message.
            onReceiveHalfClose: (forward) => (ids === undefined ? forward() : current.run(ids, forward)),
          }),
        sendStatus: (sent, next) => {
          next(sent);
          const durationMs = performance.now() - startedMs;
          const finished = { door: 'grpc', operation, status: grpcStatus[sent.code], durationMs } as const;
          const isBusy = isBusyService || ofEarlyCallers.has(request);
          const kind = { isKnown: ofKnownCallers.has(request), isBusy };
          this.note(levelOfGrpc(sent.code, kind), finished, ids);
        },
      });
    };
  }

  /** Lets everything that `work` leads to know the ids. */
  within(ids: RequestIds, work: () => void): void {
    current.run(ids, work);
  }

  /** For a request over HTTP that no hook has seen, of a caller with a valid token, to a busy route. */
  noteKnown(
    { operation, status, durationMs }: Omit<FinishedRequest, 'door' | 'status'> & { status: number },
    ids: RequestIds,
  ): void {
    this.note(levelOfHttp(status, ofQuickLane), { door: 'http', operation, status: String(status), durationMs }, ids);
  }

  private note(level: Level, finished: FinishedRequest, ids: RequestIds | undefined): void {
    this.metrics.count(finished);
    if (!PinoLogger.root.isLevelEnabled(level)) return;
    const { durationMs, ...request } = finished;
    // The end of a request may come outside of what it has led to, so its ids are given.
    PinoLogger.root[level]({ ...request, ms: Math.round(durationMs * 10) / 10, ...ids }, 'Request');
  }
}
