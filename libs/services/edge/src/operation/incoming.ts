import type { Metadata, ServerUnaryCall } from '@grpc/grpc-js';
import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { methodOf, pathIds, type OperationDefinition } from './operation-definition.js';
import { invalid, Problem } from './problem.js';
import { RefusedMessage } from '../grpc/request-message.js';

type Fields = Readonly<Record<string, unknown>>;

/** A request as it came through one of the two doors, in one form. */
export interface Incoming {
  readonly ids: Readonly<Record<string, unknown>>;
  /** The body, or the query of a GET. Throws where it cannot be an input at all. */
  input(): Fields;
  readonly ifMatch: string | undefined;
  readonly minPosition: unknown;
  readonly ip: string | null;
  header(name: string): string | undefined;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const pick = (fields: Fields, wanted: (name: string) => boolean): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => wanted(name)));

/** More than any list or nesting of the contract has, and little enough to be looked at without delay. */
const MAX_ITEMS = 1_000;
const MAX_DEPTH = 32;

const childrenOf = (value: object): readonly (readonly [name: string, child: unknown])[] => {
  if (Array.isArray(value) && value.length > MAX_ITEMS) {
    throw new Problem('invalid-request', `A list may have at most ${MAX_ITEMS} items.`);
  }
  const children = Object.entries(value);
  // class-validator takes names that every object has for fields of the class.
  const inherited = children.find(([name]) => name in Object.prototype);
  if (inherited !== undefined) throw invalid(inherited[0], 'is not a field of this request');
  return children;
};

/** Refuses what validation would take too long for, or be fooled by. Without recursion, however deep the input. */
const requireSoundShape = (input: unknown): void => {
  let level: readonly unknown[] = [input];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw new Problem('invalid-request', `Nest at most ${MAX_DEPTH} levels deep.`);
    const objects = level.filter((value) => typeof value === 'object' && value !== null);
    level = objects.flatMap((value) => childrenOf(value).map(([, child]) => child));
  }
};

const sound = (input: Fields): Fields => {
  requireSoundShape(input);
  return input;
};

const httpInput = (request: FastifyRequest, operation: OperationDefinition): Fields => {
  const method = methodOf(operation);
  const query = request.query as Fields;
  if (method === 'GET') return pick(query, (name) => name !== 'minPosition');
  const body: unknown = request.body === undefined ? {} : request.body;
  if (!isFields(body)) throw new Problem('invalid-request', 'The body must be a JSON object.');
  // Only DELETE takes its input from either place, because many clients cannot send a body with it.
  if (method === 'DELETE') return { ...query, ...body };
  const stray = Object.keys(query)[0];
  if (stray !== undefined) throw invalid(stray, 'is not a query parameter of this route');
  return body;
};

const httpIncoming = (request: FastifyRequest, operation: OperationDefinition): Incoming => ({
  ids: request.params as Fields,
  input: () => sound(httpInput(request, operation)),
  ifMatch: request.headers['if-match'],
  minPosition: methodOf(operation) === 'GET' ? (request.query as Fields)['minPosition'] : undefined,
  ip: request.ip,
  header: (name) => {
    const value = request.headers[name];
    return Array.isArray(value) ? value[0] : value;
  },
});

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/**
 * The fields that a PATCH-like message sets. With an update mask: those it names, and a named field that is absent is
 * cleared. Without: those present; an empty list cannot be told from an absent one on the wire, so it counts as absent.
 */
const maskedInput = (message: Fields, input: Fields): Fields => {
  const mask = message['updateMask'];
  if (!isFields(mask)) return pick(input, (name) => !(Array.isArray(input[name]) && input[name].length === 0));
  const paths = (Array.isArray(mask['paths']) ? mask['paths'] : []).map((path) => camelCase(String(path)));
  return Object.fromEntries(paths.map((path) => [path, Object.hasOwn(input, path) ? input[path] : null]));
};

const grpcIncoming = (
  message: Fields,
  call: ServerUnaryCall<unknown, unknown>,
  operation: OperationDefinition,
): Incoming => {
  const ids = pathIds(operation);
  const rest = pick(message, (name) => !ids.includes(name) && name !== 'revision' && name !== 'updateMask');
  const header = (name: string): string | undefined => call.metadata.get(name)[0]?.toString();
  const revision = message['revision'];
  return {
    ids: pick(message, (name) => ids.includes(name)),
    input: () => sound(methodOf(operation) === 'PATCH' ? maskedInput(message, rest) : rest),
    ifMatch: typeof revision === 'string' ? `"${revision}"` : undefined,
    minPosition: header('min-position'),
    ip: call.getPeer().replace(/:\d+$/, ''),
    header,
  };
};

/** Reads the request in `context`, whichever door it came through. */
export const incomingOf = (context: ExecutionContext, operation: OperationDefinition): Incoming => {
  if (context.getType() === 'http') return httpIncoming(context.switchToHttp().getRequest(), operation);
  const [message, , call] = context.getArgs<[Fields | RefusedMessage, Metadata, ServerUnaryCall<unknown, unknown>]>();
  if (message instanceof RefusedMessage) throw message.problem;
  return grpcIncoming(message, call, operation);
};
