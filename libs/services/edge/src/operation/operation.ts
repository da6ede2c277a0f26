import { idForms, type IdName } from '@keyledger/domain';
import { applyDecorators, HttpCode, RequestMapping, RequestMethod, SetMetadata, type Type } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import { Accessible } from '../access/access.js';
import type { Role } from '../access/principal.js';
import { problemCodes } from '@keyledger/contract';
import {
  ApiBearerAuth,
  ApiBody,
  ApiDefaultResponse,
  ApiExtension,
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiProperty,
  ApiQuery,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';

class ProblemField {
  @ApiProperty() field!: string;
  @ApiProperty() message!: string;
}

/** The body of every refusal (RFC 9457), as OpenAPI documents it. */
class ProblemReply {
  @ApiProperty({ example: 'urn:keyledger:problem:name-taken' }) type!: string;
  @ApiProperty() title!: string;
  @ApiProperty() status!: number;
  @ApiProperty() detail!: string;
  @ApiProperty({ enum: Object.keys(problemCodes) }) code!: string;
  @ApiProperty({ type: [ProblemField] }) errors!: ProblemField[];
}

const minPosition = ApiQuery({
  name: 'minPosition',
  required: false,
  type: String,
  description: 'Answer only from a state at least as fresh as this position.',
});

const ifMatch = ApiHeader({
  name: 'If-Match',
  required: false,
  description: 'ETag that the resource must still have.',
});

const idempotencyKey = ApiHeader({
  name: 'Idempotency-Key',
  required: false,
  description: 'Makes a repeat safe: the first answer again, with the same secret for ten minutes.',
  schema: { type: 'string', minLength: 16, maxLength: 255, pattern: '^[!-~]+$' },
});

/** A body whose fields may all be left out may be left out itself. */
const isOptional = (input: Type<object>): boolean => validateSync(plainToInstance(input, {})).length === 0;

const bodyOf = (input: Type<object>): MethodDecorator => ApiBody({ type: input, required: !isOptional(input) });

const inputOf = (operation: ServedOperation): MethodDecorator[] => {
  const { input } = operation;
  const conditions = operation.idempotent === true ? [idempotencyKey] : [ifMatch];
  switch (operation.method) {
    case 'GET':
      return input === undefined ? [minPosition] : [ApiQuery({ type: input }), minPosition];
    case 'DELETE':
      // Many clients cannot send a body with DELETE, so its input may come in the query as well.
      return input === undefined ? conditions : [bodyOf(input), ApiQuery({ type: input }), ...conditions];
    case 'POST':
    case 'PUT':
    case 'PATCH':
      return input === undefined ? conditions : [bodyOf(input), ...conditions];
  }
};

export const anyRefusal = ApiDefaultResponse({
  description: 'Any refusal.',
  content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemReply) } } },
});

/** Unique among all routes, so that clients can be generated. */
const operationIdOf = ({ accounts, rpcName }: ServedOperation): string =>
  accounts === 'all' ? `${rpcName}OfAllAccounts` : rpcName;

/** What OpenAPI says of an operation. */
export const documentation = (operation: ServedOperation): MethodDecorator[] => [
  ApiOperation({ operationId: operationIdOf(operation), summary: operation.summary }),
  ApiBearerAuth(),
  ApiExtraModels(ProblemReply),
  ApiExtension('x-rpc', `keyledger.v1.${operation.rpc}`),
  ApiExtension('x-roles', operation.allow),
  ...operation.ids.map(({ name, form }) => ApiParam({ name, schema: { type: 'string', pattern: form.source } })),
  ...inputOf(operation),
  ApiResponse({ status: operation.status ?? 200, type: operation.reply, description: 'Done.' }),
  anyRefusal,
];

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
  readonly reply: Type<unknown>;
  /** The reply's body in the form of its message, where that differs from the JSON by more than times and nulls. */
  readonly message?: (body: never) => object;
  readonly status?: 201;
  /** True where the reply shows a secret, so that `Idempotency-Key` counts. */
  readonly idempotent?: boolean;
}

/** A definition with what follows from it, so that no request has to take it apart again. */
export interface ServedOperation extends OperationDefinition {
  readonly method: Method;
  readonly path: string;
  /** Ids in the path, in order. */
  readonly ids: readonly { readonly name: string; readonly form: RegExp }[];
  /** Texts between the ids of the path, one more than there are ids. */
  readonly pathParts: readonly string[];
  readonly service: string;
  readonly rpcName: string;
}

const serve = (definition: OperationDefinition): ServedOperation => {
  const [method = '', path = ''] = definition.http.split(' ');
  const [service = '', rpcName = ''] = definition.rpc.split('/');
  const ids = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({ name, form: idForms[name as IdName] }));
  return { ...definition, method: method as Method, path, ids, pathParts: path.split(/:\w+/), service, rpcName };
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
    ...documentation(operation),
  );
};
