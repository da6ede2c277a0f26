import type { ProblemCode } from '@keyledger/contract';

/** A piece of an OpenAPI document. */
export type OpenApi = Readonly<Record<string, unknown>>;

/** By their names in the document. */
type Named = Readonly<Record<string, OpenApi>>;

/** What OpenAPI tells of a route past Nest, beside what the route itself says. */
export interface RouteDocumentation {
  /** Of a route for any method: that of GET, and with the method behind it that of each other. */
  readonly operationId: string;
  /** Whose tag it has. */
  readonly service: string;
  /** RPC of the service that does the same, if one does. */
  readonly rpcName?: string;
  readonly summary: string;
  readonly description: string;
  /** Ways to authenticate, by their names in the document. Bearer where left out. */
  readonly security?: readonly ('bearer' | 'basic' | 'gateway')[];
  /** Parameters of the query, with what each is for. */
  readonly query?: Readonly<Record<string, string>>;
  /** Headers of the request, with what each is for. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Name of the schema, and a body that is accepted as it stands. */
  readonly body?: { readonly schema: string; readonly example: object };
  /** Name of the schema of what is answered with 200. */
  readonly reply: string;
  /** Of that answer; JSON where left out. */
  readonly mediaType?: string;
  /** By status: headers that answers of this route have beside those of any route. */
  readonly replyHeaders: Readonly<Record<number, Named>>;
  /** Beside those that any route may have. */
  readonly refuses?: readonly ProblemCode[];
  /** What the names here stand for. */
  readonly components: { readonly schemas: Named; readonly headers: Named };
}
