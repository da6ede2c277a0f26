import type { ProblemCode } from '@keyledger/contract';
import { idForms, type IdName } from '@keyledger/domain';
import { applyDecorators, HttpCode, RequestMapping, RequestMethod, SetMetadata, type Type } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { Accessible } from '../access/access.js';
import type { Role } from '../access/principal.js';
import { documentation, positionForm } from './documentation.js';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One thing that callers can do, through either door. */
interface OperationDefinition {
  /** Method and path template of the HTTP route: `POST /v1/accounts/:accountId/credentials`. */
  readonly http: `${Method} /${string}`;
  /** Service and RPC of package keyledger.v1: `CredentialService/CreateCredential`. */
  readonly rpc: `${string}/${string}`;
  readonly summary: string;
  /** Roles that may do it; `anyone` who is authenticated. */
  readonly allow: readonly Role[] | 'anyone';
  /**
   * For one RPC behind two routes, one of an account and one of all accounts, which needs a role for all of them. The
   * operation with `one-or-all` serves the RPC, where no account id asks for all; that with `all` is only a route.
   */
  readonly accounts?: 'one-or-all' | 'all';
  /** Class of the input: the body, or the query of a GET. Leave out where the route takes none. */
  readonly input?: Type<object>;
  /** Field of the body that holds any JSON, and that the handler gets as the text that it was sent as. */
  readonly verbatim?: string;
  /** The input from the request's message, where its fields are others than those of the JSON. */
  readonly fromMessage?: (message: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  /** What the message calls the fields of that input, in camelCase, where it calls them otherwise. */
  readonly namesInMessage?: (message: Readonly<Record<string, unknown>>) => Readonly<Record<string, string>>;
  readonly reply: Type<unknown>;
  /** The reply's body in the form of its message, where that differs from the JSON by more than times and nulls. */
  readonly message?: (body: never) => object;
  readonly status?: 201 | 202;
  /**
   * Set where the operation creates something, so that `Idempotency-Key` counts: whether the answer shows a secret that
   * a repeat must show as well.
   */
  readonly idempotent?: 'with-secret' | 'without-secret';
  /** True where what it is about is not there before, so that there is no revision for `If-Match`. */
  readonly unconditional?: boolean;
  /** True where the reply is no single resource, so that it has no revision to send as `ETag`. */
  readonly unversioned?: boolean;
  /**
   * True for a POST that changes nothing, because what it asks is too large or too private for a query: it counts as a
   * read, and takes `minPosition` as reads do.
   */
  readonly asks?: boolean;
  /** True where `?wait=verifiers` counts: the reply then tells which verifiers know of the write. */
  readonly waits?: boolean;
  /** Codes of its own rules; those that all operations of its kind have are known without. */
  readonly refuses?: readonly ProblemCode[];
  /** A body that is accepted as it stands, for people who try the operation out. */
  readonly example?: object;
}

/** A definition with what follows from it, so that no request has to take it apart again. */
export interface ServedOperation extends OperationDefinition {
  readonly method: Method;
  readonly path: string;
  /** True where it changes nothing. */
  readonly reads: boolean;
  /** Ids and positions in the path, in order. */
  readonly ids: readonly { readonly name: string; readonly form: RegExp }[];
  /** Texts between the ids of the path, one more than there are ids. */
  readonly pathParts: readonly string[];
  readonly service: string;
  readonly rpcName: string;
}

const formOf = (name: string): RegExp => (name === 'position' ? positionForm : idForms[name as IdName]);

const serve = (definition: OperationDefinition): ServedOperation => {
  const [method = '', path = ''] = definition.http.split(' ');
  const [service = '', rpcName = ''] = definition.rpc.split('/');
  const ids = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({ name, form: formOf(name) }));
  const reads = method === 'GET' || definition.asks === true;
  return { ...definition, method: method as Method, path, reads, ids, pathParts: path.split(/:\w+/), service, rpcName };
};

const OPERATION = Symbol('operation');

export const operationOf = (handler: object): ServedOperation | undefined =>
  Reflect.getMetadata(OPERATION, handler) as ServedOperation | undefined;

/** Makes a controller method serve one HTTP route and one RPC by the same rules, and documents both. */
export const Operation = (definition: OperationDefinition): MethodDecorator => {
  const operation = serve(definition);
  return applyDecorators(
    SetMetadata(OPERATION, operation),
    // Which roles count depends on the account, so that the guard asks for them.
    Accessible({ allow: 'anyone' }),
    RequestMapping({ path: operation.path, method: RequestMethod[operation.method] }),
    HttpCode(operation.status ?? 200),
    ...(operation.accounts === 'all' ? [] : [GrpcMethod(operation.service, operation.rpcName)]),
    documentation(operation),
  );
};
