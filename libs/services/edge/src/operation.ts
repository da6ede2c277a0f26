import { applyDecorators, HttpCode, RequestMapping, RequestMethod, SetMetadata, type Type } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import {
  ApiBearerAuth,
  ApiBody,
  ApiDefaultResponse,
  ApiExtension,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
} from '@nestjs/swagger';
import { ProblemReply } from './problem-reply.js';
import type { Role } from './principal.js';

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
  readonly input?: Type<unknown>;
  readonly reply: Type<unknown>;
  readonly status?: 201;
  /** True where the reply shows a secret, so that `Idempotency-Key` counts. */
  readonly idempotent?: boolean;
}

const OPERATION = Symbol('operation');

export const operationOf = (handler: object): OperationDefinition | undefined =>
  Reflect.getMetadata(OPERATION, handler) as OperationDefinition | undefined;

export const methodOf = (operation: OperationDefinition): Method => operation.http.split(' ')[0] as Method;
export const pathOf = (operation: OperationDefinition): string => operation.http.slice(operation.http.indexOf(' ') + 1);

const serviceOf = ({ rpc }: OperationDefinition): string => rpc.slice(0, rpc.indexOf('/'));
const rpcOf = ({ rpc }: OperationDefinition): string => rpc.slice(rpc.indexOf('/') + 1);

/** Names of the ids in the path, in order: `['accountId', 'credentialId']`. */
export const pathIds = (operation: OperationDefinition): readonly string[] =>
  [...pathOf(operation).matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');

/** Form of each id: its prefix and a UUID in lower case. */
const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
export const idPatterns: Readonly<Record<string, string>> = {
  accountId: `^acct_${uuid}$`,
  applicationId: `^app_${uuid}$`,
  credentialId: `^cred_${uuid}$`,
};

const documentInput = (operation: OperationDefinition): MethodDecorator[] => {
  const { input } = operation;
  if (methodOf(operation) === 'GET') {
    const minPosition = ApiQuery({
      name: 'minPosition',
      required: false,
      type: String,
      description: 'Answer only from a state at least as fresh as this position.',
    });
    return input === undefined ? [minPosition] : [ApiQuery({ type: input }), minPosition];
  }
  const ifMatch = ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'ETag that the resource must still have.',
  });
  const key = ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'Makes a repeat safe: the first answer again, with the same secret for ten minutes.',
    schema: { type: 'string', minLength: 16, maxLength: 255, pattern: '^[!-~]+$' },
  });
  return [...(input === undefined ? [] : [ApiBody({ type: input })]), operation.idempotent === true ? key : ifMatch];
};

/** Unique among all routes, so that clients can be generated. */
const operationIdOf = (operation: OperationDefinition): string =>
  operation.accounts === 'all' ? `${rpcOf(operation)}OfAllAccounts` : rpcOf(operation);

const document = (operation: OperationDefinition): MethodDecorator[] => [
  ApiOperation({ operationId: operationIdOf(operation), summary: operation.summary }),
  ApiBearerAuth(),
  ApiExtension('x-rpc', `keyledger.v1.${operation.rpc}`),
  ApiExtension('x-roles', operation.allow),
  ...pathIds(operation).map((name) => ApiParam({ name, schema: { type: 'string', pattern: idPatterns[name] ?? '' } })),
  ...documentInput(operation),
  ApiResponse({ status: operation.status ?? 200, type: operation.reply }),
  ApiDefaultResponse({ type: ProblemReply, description: 'Any refusal, as application/problem+json.' }),
];

/** Makes a controller method serve one HTTP route and one RPC by the same rules, and documents both. */
export const Operation = (operation: OperationDefinition): MethodDecorator => {
  return applyDecorators(
    SetMetadata(OPERATION, operation),
    RequestMapping({ path: pathOf(operation), method: RequestMethod[methodOf(operation)] }),
    HttpCode(operation.status ?? 200),
    ...(operation.accounts === 'all' ? [] : [GrpcMethod(serviceOf(operation), rpcOf(operation))]),
    ...document(operation),
  );
};
