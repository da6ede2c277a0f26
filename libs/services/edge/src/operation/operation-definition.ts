import type { Type } from '@nestjs/common';
import type { Role } from '../access/principal.js';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One thing that callers can do, through either door. */
export interface OperationDefinition {
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
  readonly reply: Type<unknown>;
  readonly status?: 201;
  /** True where the reply shows a secret, so that `Idempotency-Key` counts. */
  readonly idempotent?: boolean;
}

export const OPERATION = Symbol('operation');

export const operationOf = (handler: object): OperationDefinition | undefined =>
  Reflect.getMetadata(OPERATION, handler) as OperationDefinition | undefined;

export const methodOf = (operation: OperationDefinition): Method => operation.http.split(' ')[0] as Method;
export const pathOf = (operation: OperationDefinition): string => operation.http.slice(operation.http.indexOf(' ') + 1);

export const serviceOf = ({ rpc }: OperationDefinition): string => rpc.slice(0, rpc.indexOf('/'));
export const rpcOf = ({ rpc }: OperationDefinition): string => rpc.slice(rpc.indexOf('/') + 1);

/** Names of the ids in the path, in order: `['accountId', 'credentialId']`. */
export const pathIds = (operation: OperationDefinition): readonly string[] =>
  [...pathOf(operation).matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
