import type { Metadata } from '@grpc/grpc-js';
import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ServedOperation } from './operation.js';
import { invalid, Problem } from './problem.js';

export type Fields = Readonly<Record<string, unknown>>;

/** What an operation is asked, in one form, whichever of the two doors it came through. */
export interface Incoming {
  /** What lives exactly as long as the request, for all that is remembered of it. */
  readonly request: object;
  readonly ids: Fields;
  readonly ifMatch: string | undefined;
  readonly minPosition: unknown;
  /** The body, or the query of a GET. Throws the problem where it cannot be an input at all. */
  input(): Fields;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const pick = (fields: Fields, wanted: (name: string) => boolean): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => wanted(name)));

/** More than any list or nesting of the contract has, and little enough to be looked at without delay. */
const MAX_ITEMS = 1_000;
const MAX_DEPTH = 32;

const childrenOf = (value: object): readonly unknown[] => {
  if (Array.isArray(value) && value.length > MAX_ITEMS) {
    throw new Problem('invalid-request', `A list may have at most ${MAX_ITEMS} items.`);
  }
  // class-validator takes names that every object has for fields of the class.
  const inherited = Object.keys(value).find((name) => name in Object.prototype);
  if (inherited !== undefined) throw invalid(inherited, 'is not a field of this request');
  return Object.values(value) as unknown[];
};

/** Refuses what validation would take too long for, or be fooled by. Without recursion, however deep the input. */
const sound = (input: Fields): Fields => {
  let level: readonly unknown[] = [input];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw new Problem('invalid-request', `Nest at most ${MAX_DEPTH} levels deep.`);
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? childrenOf(value) : []));
  }
  return input;
};

const httpInput = (request: FastifyRequest, { method }: ServedOperation): Fields => {
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

const httpIncoming = (request: FastifyRequest, operation: ServedOperation): Incoming => ({
  request,
  ids: request.params as Fields,
  ifMatch: request.headers['if-match'],
  minPosition: operation.method === 'GET' ? (request.query as Fields)['minPosition'] : undefined,
  input: () => sound(httpInput(request, operation)),
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

const grpcInput = (message: Fields, { ids, method }: ServedOperation): Fields => {
  const isInput = (name: string): boolean => name !== 'revision' && name !== 'updateMask';
  const input = pick(message, (name) => isInput(name) && !ids.some((id) => id.name === name));
  return method === 'PATCH' ? maskedInput(message, input) : input;
};

const grpcIncoming = (message: Fields, metadata: Metadata, operation: ServedOperation): Incoming => {
  const revision = message['revision'];
  return {
    request: metadata,
    ids: message,
    ifMatch: typeof revision === 'string' ? `"${revision}"` : undefined,
    minPosition: metadata.get('min-position')[0]?.toString(),
    input: () => sound(grpcInput(message, operation)),
  };
};

/** The request in `context`, whichever door it came through. */
export const incomingOf = (context: ExecutionContext, operation: ServedOperation): Incoming => {
  const args: unknown[] = context.getArgs();
  return context.getType() === 'http'
    ? httpIncoming(args[0] as FastifyRequest, operation)
    : grpcIncoming(args[0] as Fields, args[1] as Metadata, operation);
};
