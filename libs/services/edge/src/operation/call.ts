import type { Position } from '@keyledger/event-log';
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
  ) {}
}
