import { idForms } from '@keyledger/domain';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access } from '../access/access.js';
import type { Admission, Arrival, Sent } from '../access/admission.js';
import { CORRELATION_HEADER, requestIdsFor, type RequestIds, type RequestLog } from '../observing/request-log.js';
import { Answer } from '../operation/call.js';
import { problemBody, toProblem } from '../operation/problem.js';
import { safeAnswers } from './broken-heads.js';
import { answerHeaders, MAX_BODY_BYTES, parseJson } from './json-bodies.js';
import { namesOneHost } from './request-line.js';
import type { RouteDocumentation } from './route-documentation.js';

/** What is asked by POST and JSON so often that the way to it counts. */
export interface QuickRoute {
  readonly method: 'POST';
  readonly path: `/${string}`;
  readonly access: Access;
  readonly documentation?: RouteDocumentation;
  /** Answers at once, or promises to. What it throws becomes a problem. */
  readonly answer: (body: unknown, arrival: Arrival) => unknown;
}

/**
 * The short way to an operation of an account that is asked as often. The operation itself is there for what is not
 * usual, and for the other door.
 */
export interface QuickOperation {
  readonly method: 'POST';
  /** What comes behind `/v1/accounts/:accountId`. */
  readonly pathInAccount: `/${string}`;
  /** For a caller who holds one of the roles for this very account. */
  readonly access: Access;
  /** As that of a QuickRoute. It checks the body as the operation does. */
  readonly answer: (body: unknown, arrival: Arrival, accountId: string) => unknown;
}

const ACCOUNTS = '/v1/accounts/';
const ID_LENGTH = 'acct_'.length + 36;

/** The path of the route, as the operation has it. */
export const pathOf = ({ pathInAccount }: QuickOperation): string => `${ACCOUNTS}:accountId${pathInAccount}`;

/** What one request is to, and what its account is; none where it is a route of all. */
interface Target {
  readonly path: string;
  readonly method: 'POST';
  readonly access: Access;
  readonly accountId?: string;
  readonly answer: (body: unknown, arrival: Arrival) => unknown;
}

interface Lane {
  readonly admission: Admission;
  readonly requestLog: RequestLog;
  /** Told of an error that nobody foresaw. */
  readonly onError: (error: unknown) => void;
}

const JSON_TYPES: ReadonlySet<unknown> = new Set(['application/json', 'application/json; charset=utf-8']);
/** With one of these the request is no usual one. */
const UNUSUAL = ['transfer-encoding', 'content-encoding', 'expect'] as const;

/** Such as nearly all clients send: what differs is left to those who know every form. */
const isUsual = (request: IncomingMessage): boolean => {
  const { headers, httpVersion } = request;
  const length = Number(headers['content-length']);
  return (
    httpVersion === '1.1' &&
    length > 0 &&
    length <= MAX_BODY_BYTES &&
    JSON_TYPES.has(headers['content-type']) &&
    UNUSUAL.every((name) => headers[name] === undefined) &&
    namesOneHost(request)
  );
};

const sentIn = ({ headers, socket }: IncomingMessage, correlationId: string): Sent => ({
  correlationId,
  peer: socket.remoteAddress,
  header: (name) => {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  },
});

type Headers = Readonly<Record<string, string>>;

/** As Fastify does after a body that it could not read. */
const UNREADABLE: Headers = { connection: 'close' };

interface Written {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** One request under way. */
interface Exchange {
  readonly target: Target;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly arrival: Arrival;
  readonly ids: RequestIds;
  readonly startedMs: number;
}

/**
 * The short way for usual requests of callers whose token was verified lately: straight on Node's server. It lets in
 * and counts by the same admission, reads and answers as Fastify's way does, and has the same headers and log. What it
 * does not take is as if it had never seen it.
 */
export class QuickLane {
  private readonly routes: ReadonlyMap<string, Target>;
  private readonly operations: ReadonlyMap<string, QuickOperation>;

  constructor(
    routes: readonly QuickRoute[],
    operations: readonly QuickOperation[],
    private readonly lane: Lane,
  ) {
    this.routes = new Map(routes.map((route) => [route.path, route]));
    this.operations = new Map(operations.map((operation) => [operation.pathInAccount, operation]));
  }

  /** Whether it takes the request. */
  take(request: IncomingMessage, response: ServerResponse): boolean {
    const target = this.targetOf(request.url ?? '');
    if (target === undefined || request.method !== target.method || !isUsual(request)) return false;
    const ids = requestIdsFor(request.headers[CORRELATION_HEADER]);
    const { access, accountId } = target;
    const arrival = ids && this.lane.admission.admitKnown(access, sentIn(request, ids.correlationId), accountId);
    if (ids === undefined || arrival === undefined) return false;
    const exchange = { target, request, response, arrival, ids, startedMs: performance.now() };
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [only, ...more] = chunks;
      const body = only === undefined || more.length > 0 ? Buffer.concat(chunks) : only;
      this.lane.requestLog.within(ids, () => this.answer(exchange, body));
    });
    return true;
  }

  private targetOf(url: string): Target | undefined {
    if (!url.startsWith(ACCOUNTS)) return this.routes.get(url);
    const accountId = url.slice(ACCOUNTS.length, ACCOUNTS.length + ID_LENGTH);
    const operation = this.operations.get(url.slice(ACCOUNTS.length + ID_LENGTH));
    if (operation === undefined || !idForms.accountId.test(accountId)) return undefined;
    const { method, access, answer } = operation;
    const path = pathOf(operation);
    return { path, method, access, accountId, answer: (body, arrival) => answer(body, arrival, accountId) };
  }

  private answer(exchange: Exchange, body: Buffer): void {
    let parsed: unknown;
    try {
      parsed = parseJson(body);
    } catch (error) {
      this.refuse(exchange, error, UNREADABLE);
      return;
    }
    try {
      const answer = exchange.target.answer(parsed, exchange.arrival);
      if (answer instanceof Promise) {
        answer
          .then((each: unknown) => this.send(exchange, each))
          .catch((error: unknown) => this.refuse(exchange, error));
      } else {
        this.send(exchange, answer);
      }
    } catch (error) {
      this.refuse(exchange, error);
    }
  }

  private send(exchange: Exchange, answer: unknown): void {
    const body = answer instanceof Answer ? (answer.body as unknown) : answer;
    const beside = answer instanceof Answer ? answerHeaders(answer) : {};
    this.write(exchange, { status: 200, type: 'application/json', headers: beside, body });
  }

  private refuse(exchange: Exchange, error: unknown, beside: Headers = {}): void {
    const problem = toProblem(error);
    if (problem.code === 'internal') this.lane.onError(error);
    const { status } = problem;
    const headers = { ...problem.headers, ...beside };
    this.write(exchange, { status, type: 'application/problem+json', headers, body: problemBody(problem) });
  }

  private write(exchange: Exchange, { status, type, headers, body }: Written): void {
    const { request, response, target, ids, startedMs } = exchange;
    const text = JSON.stringify(body);
    // A list of names and values, because to spread objects into one takes as long as to give a verdict.
    const head = [CORRELATION_HEADER, ids.correlationId, 'cache-control', 'no-store'];
    for (const some of [safeAnswers(request.socket), headers]) {
      for (const [name, value] of Object.entries(some)) head.push(name, value);
    }
    head.push('content-type', `${type}; charset=utf-8`, 'content-length', String(Buffer.byteLength(text)));
    response.writeHead(status, head);
    response.end(text);
    const durationMs = performance.now() - startedMs;
    this.lane.requestLog.noteKnown({ operation: `POST ${target.path}`, status, durationMs }, ids);
  }
}
