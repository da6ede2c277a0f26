import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { accessOf } from '../access/access.js';
import { arrivalOf, forbidden, type Arrival } from '../access/admission.js';
import { roleCovers, seesAccount, type Principal } from '../access/principal.js';
import type { Limits } from '../access/limits.js';
import type { SecurityLog } from '../access/security-log.js';
import { sourceOf } from '../http/json-bodies.js';
import { memberText } from '../http/member-text.js';
import { keepRequest, type Call } from './call.js';
import { operationOf, type ServedOperation } from './operation.js';
import { invalid, notFound, Problem } from './problem.js';
import type { Metadata } from '@grpc/grpc-js';
import type { FastifyRequest } from 'fastify';

type Fields = Readonly<Record<string, unknown>>;

/** What writes can wait for. */
const VERIFIERS = 'verifiers';

/** What an operation is asked, in one form, whichever of the two doors it came through. */
interface Incoming {
  /** What lives exactly as long as the request, for all that is remembered of it. */
  readonly request: object;
  readonly ids: Fields;
  readonly ifMatch: string | undefined;
  readonly minPosition: unknown;
  /** What the caller wants to be waited for. */
  readonly wait: unknown;
  /** The body, or the query of a GET. Throws the problem where it cannot be an input at all. */
  input(): Fields;
  /** Fields of it that the caller knows by other names. */
  readonly names?: Readonly<Record<string, string>>;
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const pick = (fields: Fields, wanted: (name: string) => boolean): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => wanted(name)));

/** More than any list or nesting of the contract has, and little enough to be looked at without delay. */
const MAX_ITEMS = 2_000;
const MAX_FIELDS = 100;
const MAX_NAME_LENGTH = 100;
const MAX_DEPTH = 32;

const childrenOf = (value: object): readonly unknown[] => {
  if (Array.isArray(value) && value.length > MAX_ITEMS) {
    throw new Problem('invalid-request', `A list may have at most ${MAX_ITEMS} items.`);
  }
  const names = Array.isArray(value) ? [] : Object.keys(value);
  if (names.length > MAX_FIELDS) {
    throw new Problem('invalid-request', `An object may have at most ${MAX_FIELDS} fields.`);
  }
  if (names.some((name) => name.length > MAX_NAME_LENGTH)) {
    throw new Problem('invalid-request', `The name of a field may have at most ${MAX_NAME_LENGTH} characters.`);
  }
  // class-validator takes names that every object has for fields of the class.
  const inherited = names.find((name) => name in Object.prototype);
  if (inherited !== undefined) throw invalid(inherited, 'is not a field of this request');
  return Object.values(value) as unknown[];
};

/** Refuses what validation would take too long for, or be fooled by. Without recursion, however deep the input. */
export const sound = (input: Fields): Fields => {
  let level: readonly unknown[] = [input];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw new Problem('invalid-request', `Nest at most ${MAX_DEPTH} levels deep.`);
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? childrenOf(value) : []));
  }
  return input;
};

/** The body with that field as its text. Over gRPC it comes as a text. */
const withText = (body: Fields, name: string | undefined): Fields => {
  if (name === undefined || !Object.hasOwn(body, name)) return body;
  return { ...body, [name]: memberText(sourceOf(body) ?? '', name) };
};

/** Parameters of a query that are no input. */
const isBeside = (name: string, { reads, waits }: ServedOperation): boolean =>
  (reads && name === 'minPosition') || (waits === true && name === 'wait');

const httpInput = (request: FastifyRequest, operation: ServedOperation): Fields => {
  const { method, verbatim } = operation;
  const query = pick(request.query as Fields, (name) => !isBeside(name, operation));
  if (method === 'GET') return query;
  const body: unknown = request.body === undefined ? {} : request.body;
  if (!isFields(body)) throw new Problem('invalid-request', 'The body must be a JSON object.');
  // Only DELETE takes its input from either place, because many clients cannot send a body with it.
  if (method === 'DELETE') return { ...query, ...body };
  const stray = Object.keys(query)[0];
  if (stray !== undefined) throw invalid(stray, 'is not a query parameter of this route');
  return withText(body, verbatim);
};

const httpIncoming = (request: FastifyRequest, operation: ServedOperation): Incoming => ({
  request,
  ids: request.params as Fields,
  ifMatch: request.headers['if-match'],
  minPosition: operation.reads ? (request.query as Fields)['minPosition'] : undefined,
  wait: operation.waits === true ? (request.query as Fields)['wait'] : undefined,
  input: () => sound(httpInput(request, operation)),
});

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The fields that an update mask names; an empty mask is an absent one. */
const maskOf = (message: Fields): readonly string[] => {
  const mask = message['updateMask'];
  const paths: unknown = isFields(mask) ? mask['paths'] : undefined;
  return Array.isArray(paths) ? paths.map((path) => camelCase(String(path))) : [];
};

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/**
 * The fields that a PATCH-like message sets. With an update mask: those it names, and a named field that is absent is
 * cleared. Without: those present; an empty list cannot be told from an absent one on the wire, so it counts as absent.
 */
const maskedInput = (message: Fields, input: Fields): Fields => {
  const paths = maskOf(message);
  if (paths.length === 0) return pick(input, (name) => !isEmptyList(input[name]));
  return Object.fromEntries(paths.map((path) => [path, Object.hasOwn(input, path) ? input[path] : null]));
};

/** Fields of a message that are headers or query parameters over HTTP. */
const besideInput: ReadonlySet<string> = new Set(['revision', 'updateMask', 'waitForVerifiers']);

const grpcInput = (message: Fields, { ids, method, fromMessage = (same) => same }: ServedOperation): Fields => {
  const input = pick(fromMessage(message), (name) => !besideInput.has(name) && !ids.some((id) => id.name === name));
  if (method === 'PATCH') return maskedInput(message, input);
  if (method !== 'PUT') return input;
  // Nobody can see whether an empty list is there, so one that takes all away must be named.
  const named = maskOf(message);
  return pick(input, (name) => !isEmptyList(input[name]) || named.includes(name));
};

const grpcIncoming = (message: Fields, metadata: Metadata, operation: ServedOperation): Incoming => {
  const revision = message['revision'];
  return {
    request: metadata,
    ids: message,
    ifMatch: typeof revision === 'string' ? `"${revision}"` : undefined,
    minPosition: metadata.get('min-position')[0]?.toString(),
    wait: message['waitForVerifiers'] === true ? VERIFIERS : undefined,
    input: () => sound(grpcInput(message, operation)),
    names: operation.namesInMessage?.(message) ?? {},
  };
};

/** The request in `context`, whichever door it came through. */
const incomingOf = (context: ExecutionContext, operation: ServedOperation): Incoming => {
  const args: unknown[] = context.getArgs();
  return context.getType() === 'http'
    ? httpIncoming(args[0] as FastifyRequest, operation)
    : grpcIncoming(args[0] as Fields, args[1] as Metadata, operation);
};

const KEY_FORM = /^[!-~]{16,255}$/;

const readIds = (incoming: Incoming, operation: ServedOperation): Record<string, string> => {
  const ids: Record<string, string> = {};
  for (const { name, form } of operation.ids) {
    const value = incoming.ids[name];
    if (value === undefined && operation.accounts !== undefined) continue;
    if (typeof value !== 'string' || !form.test(value)) throw notFound();
    ids[name] = value;
  }
  return ids;
};

/** Of the entity tags in `If-Match` (RFC 9110, 13.1.1) those that we may have given out: revisions. */
const readIfMatch = (operation: ServedOperation, text: string | undefined): readonly number[] | undefined => {
  if (text === undefined) return undefined;
  if (operation.unconditional === true) throw invalid('If-Match', 'does not count here: nothing is there before');
  if (text.trim() === '*') return undefined;
  return [...text.matchAll(/(?<![^\s,])"(\d{1,15})"/g)].map(([, revision]) => Number(revision));
};

const readKey = (operation: ServedOperation, text: string | undefined): string | undefined => {
  if (text === undefined || operation.idempotent === undefined) return undefined;
  if (!KEY_FORM.test(text)) throw invalid('Idempotency-Key', 'must be 16 to 255 visible ASCII characters');
  return text;
};

const readMinPosition = (value: unknown): string | undefined => {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw invalid('minPosition', 'must be given once');
  return value;
};

const readWait = (value: unknown): boolean => {
  if (value !== undefined && value !== VERIFIERS) throw invalid('wait', `must be ${VERIFIERS}, or left out`);
  return value === VERIFIERS;
};

const targetOf = ({ method, pathParts, ids }: ServedOperation, path: Readonly<Record<string, string>>): string =>
  pathParts.reduce((target, part, index) => `${target}${path[ids[index - 1]?.name ?? ''] ?? ''}${part}`, `${method} `);

const callOf = (
  operation: ServedOperation,
  incoming: Incoming,
  path: Record<string, string>,
  { correlationId, ip, userAgent, header }: Arrival,
): Omit<Call, 'principal'> => ({
  path,
  target: targetOf(operation, path),
  correlationId,
  ip,
  userAgent,
  ifMatch: readIfMatch(operation, incoming.ifMatch),
  idempotencyKey: readKey(operation, header('idempotency-key')),
  minPosition: readMinPosition(incoming.minPosition),
  waitsForVerifiers: readWait(incoming.wait),
});

/** Roles allowed for the operation: account scope first (404), then role (403). */
const allowed = (operation: ServedOperation, principal: Principal, accountId: string | undefined): boolean => {
  if (operation.allow === 'anyone') return true;
  if (accountId !== undefined) {
    if (!seesAccount(principal, accountId)) throw notFound();
    return operation.allow.some((role) => roleCovers(principal, role, accountId));
  }
  if (operation.accounts !== undefined) return operation.allow.some((role) => roleCovers(principal, role, null));
  return operation.allow.some((role) => principal.roles.includes(role));
};

type Caller = Parameters<SecurityLog['denied']>[2];

/** Checks what the caller may do, and brings the request into its one form for the handler. */
export class OperationGuard implements CanActivate {
  constructor(
    private readonly securityLog: SecurityLog,
    private readonly limits: Limits,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    const operation = operationOf(handler);
    if (operation !== undefined) return this.admit(operation, incomingOf(context, operation));
    const access = accessOf(handler);
    if (access !== undefined && 'open' in access) return true;
    this.securityLog.undeclared(`${context.getClass().name}.${handler.name}`, null);
    throw forbidden();
  }

  private admit(operation: ServedOperation, incoming: Incoming): boolean {
    const arrival = arrivalOf(incoming.request);
    const { principal } = arrival;
    if (principal === null) throw forbidden();
    const caller = { principal, ip: arrival.ip };
    const writes = !operation.reads;
    // What is refused costs us something too.
    this.limit(caller, () => this.limits.countRequest(principal, writes));
    const path = readIds(incoming, operation);
    const { accountId } = path;
    if (!this.permits(operation, caller, accountId)) throw forbidden();
    if (writes && accountId !== undefined) this.limit(caller, () => this.limits.countAccountWrite(accountId));
    const call = { principal, ...callOf(operation, incoming, path, arrival) };
    const input = incoming.input();
    const stray = operation.input === undefined ? Object.keys(input)[0] : undefined;
    if (stray !== undefined) throw invalid(stray, 'is not a field of this request');
    keepRequest(incoming.request, { call, input, ...(incoming.names && { names: incoming.names }) });
    return true;
  }

  private limit({ principal, ip }: Caller, count: () => void): void {
    try {
      count();
    } catch (error) {
      if (error instanceof Problem) this.securityLog.tooMany(error.code, { subject: principal.subject, ip });
      throw error;
    }
  }

  private permits(operation: ServedOperation, caller: Caller, accountId: string | undefined): boolean {
    try {
      const permitted = allowed(operation, caller.principal, accountId);
      if (!permitted) this.securityLog.denied('forbidden', operation, caller, accountId);
      return permitted;
    } catch (error) {
      this.securityLog.denied('not-found', operation, caller, accountId);
      throw error;
    }
  }
}
