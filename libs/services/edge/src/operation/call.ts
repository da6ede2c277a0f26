import type { Position } from '@keyledger/event-log';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Principal } from '../access/principal.js';

/** Everything about a request that is not its input: the same for both doors. */
export interface Call {
  readonly principal: Principal;
  /** The ids of the path, well-formed but not known to exist. */
  readonly path: Readonly<Record<string, string>>;
  /** Method and concrete path of the HTTP route, for both doors: `POST /v1/accounts/acct_…/credentials`. */
  readonly target: string;
  readonly correlationId: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** Revisions of `If-Match` (or the one of the gRPC request); undefined where the caller did not ask. */
  readonly ifMatch: readonly number[] | undefined;
  readonly idempotencyKey: string | undefined;
  readonly minPosition: Position | undefined;
  /** Whether the reply to a write comes only once the verifiers know of it. */
  readonly waitsForVerifiers?: boolean;
}

/** An id of the path; the route has it, so it is there. */
export const pathId = (call: Call, name: string): string => {
  const id = call.path[name];
  if (id === undefined) throw new Error(`The route of this operation has no ${name}.`);
  return id;
};

/** What an operation answers: the body, and what travels beside it in headers or trailing metadata. */
export class Answer<T> {
  /** Makes the type nominal: an object with the same fields is no answer to the doors. */
  declare private readonly answer: true;

  constructor(
    readonly body: T,
    /** The position of the write, or the one at which the read was made. */
    readonly position: Position,
    /** Revision of the one resource in the body, sent as `ETag`. */
    readonly revision?: number,
    /** True for the answer to a repeat: a request with the same Idempotency-Key was there before. */
    readonly replayed = false,
  ) {}
}

interface KeptRequest {
  readonly call: Call;
  readonly input: unknown;
  /** Fields of the input that its gRPC message calls otherwise. */
  readonly names?: Readonly<Record<string, string>>;
}

const requests = new WeakMap<object, KeptRequest>();

/** By what lives exactly as long as the request: Fastify's request, or the metadata of the call. */
export const keepRequest = (request: object, kept: KeptRequest): void => {
  requests.set(request, kept);
};

/** What the caller of the request calls fields of its input, where it is not as the input does. */
export const namesOf = (request: object): Readonly<Record<string, string>> => requests.get(request)?.names ?? {};

const keptRequest = (context: ExecutionContext): KeptRequest => {
  const kept = requests.get(context.getArgByIndex<object>(context.getType() === 'http' ? 0 : 1));
  if (kept === undefined) throw new Error('This handler is not an operation: it needs the Operation decorator.');
  return kept;
};

/** Parameter decorator: who asks, for what, with which conditions. */
export const FromCall = createParamDecorator(
  (_: unknown, context: ExecutionContext): Call => keptRequest(context).call,
);

/** Parameter decorator: the body, or the query of a GET; validated by the class of the parameter. */
export const Input = createParamDecorator(
  (_: unknown, context: ExecutionContext): unknown => keptRequest(context).input,
);
