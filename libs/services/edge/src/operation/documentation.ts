import { problemCodes, type ProblemCode } from '@keyledger/contract';
import { applyDecorators, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { mayHoldAll } from '../access/principal.js';
import { ApiProperty, ApiPropertyOptional, documented, type Library } from './documented.js';
import type { ServedOperation } from './operation.js';
import { refusalsOf, takesIfMatch } from './refusals.js';

class ProblemField {
  @ApiProperty() field!: string;
  @ApiProperty() message!: string;
}

/** The body of every refusal (RFC 9457), as OpenAPI documents it. */
export class ProblemReply {
  @ApiProperty({ example: 'urn:keyledger:problem:name-taken' }) type!: string;
  @ApiProperty() title!: string;
  @ApiProperty({ type: 'integer' }) status!: number;
  @ApiProperty() detail!: string;
  @ApiProperty({ enum: Object.keys(problemCodes) }) code!: string;
  @ApiProperty({ type: [ProblemField] }) errors!: ProblemField[];
  @ApiPropertyOptional({ description: 'Of `external-id-taken`: the account that has the external id.' })
  accountId?: string;
}

export const correlationId = {
  name: 'X-Correlation-Id',
  required: false,
  description:
    'Ties together all that this request causes: 1 to 128 letters, digits, and any of _ . : - One in another form is ' +
    'replaced by a new one.',
  schema: { type: 'string' },
};

/** What the whole of a position must match, of whichever log. */
export const positionForm = /^[0-9a-z]+-([0-9a-f]{16}|[0-9a-f]{32})$/;

const minPosition = {
  name: 'minPosition',
  required: false,
  description: 'Answer only from a state at least as fresh as this position.',
  schema: { type: 'string', pattern: positionForm.source },
};

const wait = {
  name: 'wait',
  required: false,
  description:
    'Answers once every verifier knows of the write, at most 5 seconds later, and tells in `verifiers` which do. ' +
    'Over gRPC: `wait_for_verifiers`.',
  schema: { type: 'string', enum: ['verifiers'] },
};

const ifMatch = {
  name: 'If-Match',
  required: false,
  description: 'ETag that the resource must still have.',
  schema: { type: 'string' },
};

const repeats = {
  'with-secret':
    'Makes a repeat safe: for 24 hours it creates nothing more, and for ten minutes it shows the same secret.',
  'without-secret': 'Makes a repeat safe: for 24 hours it creates nothing more, and tells of what is there.',
} as const;

const idempotencyKey = (kind: keyof typeof repeats) => ({
  name: 'Idempotency-Key',
  required: false,
  description: repeats[kind],
  schema: { type: 'string', minLength: 16, maxLength: 255, pattern: '^[!-~]+$' },
});

/** A body whose fields may all be left out may be left out itself. */
const isOptional = (input: Type<object>): boolean => validateSync(plainToInstance(input, {})).length === 0;

const bodyOf = (input: Type<object>, example: object | undefined) => ({
  type: input,
  required: !isOptional(input),
  ...(example === undefined ? {} : { examples: { accepted: { value: example } } }),
});

const inputOf = (library: Library, { method, input, example }: ServedOperation): MethodDecorator[] => {
  const { ApiBody, ApiQuery } = library;
  if (input === undefined) return [];
  if (method === 'GET') return [ApiQuery({ type: input })];
  const body = ApiBody(bodyOf(input, example));
  // Many clients cannot send a body with DELETE, so its input may come in the query as well.
  return method === 'DELETE' ? [body, ApiQuery({ type: input })] : [body];
};

const conditionsOf = ({ ApiHeader, ApiQuery }: Library, operation: ServedOperation): MethodDecorator[] => [
  ...(operation.reads ? [ApiQuery(minPosition)] : []),
  ...(operation.waits === true ? [ApiQuery(wait)] : []),
  ...(operation.idempotent === undefined ? [] : [ApiHeader(idempotencyKey(operation.idempotent))]),
  ...(takesIfMatch(operation) ? [ApiHeader(ifMatch)] : []),
  ApiHeader(correlationId),
];

const text = { type: 'string' } as const;

/** What travels beside the bodies of replies. The document has each of them once. */
export const replyHeaders = {
  'X-Correlation-Id': { description: 'The one of the request, or a new one.', required: true, schema: text },
  'Keyledger-Position': {
    description: 'Of the write, or the one at which the read was made. Give it as minPosition to read at least that.',
    required: true,
    schema: text,
  },
  ETag: { description: 'Revision of the resource, for If-Match.', schema: text },
  'Idempotent-Replayed': {
    description: '`true` where this answers a repeat of an earlier request with the same Idempotency-Key.',
    schema: { ...text, pattern: '^true$' },
  },
  'Retry-After': { description: 'Seconds after which to try again.', schema: { type: 'integer', minimum: 0 } },
  RateLimit: { description: 'The limit that is used up, and the seconds until it is not.', schema: text },
  'RateLimit-Policy': { description: 'What that limit allows in which time.', schema: text },
  'WWW-Authenticate': { description: 'How to authenticate (RFC 6750).', schema: text },
} as const;

/** Headers by their names in the document. */
export const headersOf = (names: readonly string[]): Record<string, { $ref: string }> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** Pages, and the position alone, are no resource with a revision of its own. */
const successHeaders = ({ idempotent, unversioned }: ServedOperation): readonly (keyof typeof replyHeaders)[] => [
  ...(['X-Correlation-Id', 'Keyledger-Position'] as const),
  ...(unversioned === true ? [] : (['ETag'] as const)),
  ...(idempotent === undefined ? [] : (['Idempotent-Replayed'] as const)),
];

const refusalHeaders = (status: number): readonly (keyof typeof replyHeaders)[] => {
  if (status === 401) return ['X-Correlation-Id', 'WWW-Authenticate'];
  if (status === 429) return ['X-Correlation-Id', 'Retry-After', 'RateLimit', 'RateLimit-Policy'];
  return status === 503 ? ['X-Correlation-Id', 'Retry-After'] : ['X-Correlation-Id'];
};

const problem = { 'application/problem+json': { schema: { $ref: `#/components/schemas/${ProblemReply.name}` } } };

const pascalCase = (code: string): string =>
  code.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Read where the document is finished, which has each of these once: the decorators know no such field. */
const sharedAs = (name: string): object => ({ 'x-shared-as': name });

/** Headers of its own, and a name for the refusal that has them. */
interface Own {
  readonly of: string;
  readonly headers: Readonly<Record<string, object>>;
}

export const refusal = (status: number, codes: readonly ProblemCode[], own: Own = { of: '', headers: {} }) => ({
  status,
  description: codes.map((code) => `- \`${code}\`: ${problemCodes[code].title}`).join('\n'),
  headers: { ...headersOf(refusalHeaders(status)), ...own.headers },
  content: problem,
  ...sharedAs(own.of + codes.map(pascalCase).join('Or')),
});

export const anyOther = {
  description: 'Any other refusal.',
  headers: headersOf(['X-Correlation-Id']),
  content: problem,
  ...sharedAs('AnyRefusal'),
};

export const anyRefusal = documented(({ ApiDefaultResponse }) => ApiDefaultResponse(anyOther));

/** Unique among all routes, so that clients can be generated. */
const operationIdOf = ({ accounts, rpcName }: ServedOperation): string =>
  accounts === 'all' ? `${rpcName}OfAllAccounts` : rpcName;

/** Roles that may really do it: what is about all accounts needs one that can be held for all of them. */
const rolesOf = ({ allow, accounts }: ServedOperation): ServedOperation['allow'] =>
  allow === 'anyone' || accounts !== 'all' ? allow : allow.filter((role) => mayHoldAll.has(role));

export const rolesInWords = (roles: ServedOperation['allow']): string =>
  roles === 'anyone' ? 'any' : roles.join(', ');

const descriptionOf = (operation: ServedOperation): string => {
  const who = rolesInWords(rolesOf(operation));
  const scope = operation.accounts === 'all' ? ', with a token for all accounts (`"*"`)' : '';
  return `Roles: ${who}${scope}.\n\nOver gRPC: \`keyledger.v1.${operation.rpc}\`.`;
};

interface Tag {
  readonly name: string;
  readonly description: string;
}

/** The groups that people and generated clients find operations in, by the service of the RPC. */
export const tags: Readonly<Record<string, Tag>> = {
  AccountService: { name: 'Accounts', description: 'The customers of the installation.' },
  ApiAccessService: {
    name: 'ApiAccess',
    description: 'API access of an account: one token, one salt, and the addresses they may come from.',
  },
  CatalogueService: {
    name: 'Catalogue',
    description: 'API endpoints and credential types, the same for all accounts.',
  },
  ApplicationService: {
    name: 'Applications',
    description: 'Named groups of key pairs, with the endpoints that they may call.',
  },
  CredentialService: { name: 'Credentials', description: 'Credentials, from their creation to their removal.' },
  AuditService: { name: 'Audit', description: 'What happened, when, and by whom.' },
  EventService: { name: 'Events', description: 'What happened, for other services that build on it.' },
  WebhookService: {
    name: 'Webhooks',
    description: 'What accounts are told by HTTP calls to their own servers, and how it is signed.',
  },
  PositionService: { name: 'Position', description: 'Where the log stands.' },
  VerificationService: {
    name: 'Verification',
    description: 'May this credential do this, now? Asked by services, gateways and resource servers.',
  },
};

const reply = (operation: ServedOperation) => ({
  status: operation.status ?? 200,
  type: operation.reply,
  description: 'Done.',
  headers: headersOf(successHeaders(operation)),
});

const decoratorsOf = (library: Library, operation: ServedOperation): MethodDecorator[] => {
  const { ApiDefaultResponse, ApiExtension, ApiExtraModels, ApiOperation, ApiParam, ApiResponse, ApiTags } = library;
  return [
    ApiOperation({
      operationId: operationIdOf(operation),
      summary: operation.summary,
      description: descriptionOf(operation),
    }),
    ApiTags(tags[operation.service]?.name ?? operation.service),
    ApiExtraModels(ProblemReply),
    ApiExtension('x-rpc', `keyledger.v1.${operation.rpc}`),
    ApiExtension('x-roles', rolesOf(operation)),
    ...operation.ids.map(({ name, form }) => ApiParam({ name, schema: { type: 'string', pattern: form.source } })),
    ...inputOf(library, operation),
    ...conditionsOf(library, operation),
    ApiResponse(reply(operation)),
    ...[...refusalsOf(operation)].map(([status, codes]) => ApiResponse(refusal(status, codes))),
    ApiDefaultResponse(anyOther),
  ];
};

/** What OpenAPI says of an operation. */
export const documentation = (operation: ServedOperation): MethodDecorator =>
  documented((library) => applyDecorators(...decoratorsOf(library, operation)));
