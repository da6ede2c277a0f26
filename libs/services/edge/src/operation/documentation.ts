import { problemCodes } from '@keyledger/contract';
import type { Type } from '@nestjs/common';
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
  ApiPropertyOptional,
  ApiQuery,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { ServedOperation } from './operation.js';

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
  @ApiPropertyOptional({ description: 'Of `external-id-taken`: the account that has the external id.' })
  accountId?: string;
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
  description: 'Makes a repeat safe: it creates nothing more, and shows the same secret for ten minutes.',
  schema: { type: 'string', minLength: 16, maxLength: 255, pattern: '^[!-~]+$' },
});

/** A body whose fields may all be left out may be left out itself. */
const isOptional = (input: Type<object>): boolean => validateSync(plainToInstance(input, {})).length === 0;

const bodyOf = (input: Type<object>): MethodDecorator => ApiBody({ type: input, required: !isOptional(input) });

const inputOf = (operation: ServedOperation): MethodDecorator[] => {
  const { input } = operation;
  const conditions = [
    ...(operation.idempotent === true ? [idempotencyKey] : []),
    ...(operation.unconditional === true ? [] : [ifMatch]),
  ];
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
