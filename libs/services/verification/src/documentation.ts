import { environments } from '@keyledger/domain';
import type { OpenApi, RouteDocumentation } from '@keyledger/edge';
import { refusalCodes, type RuleOutcome } from '@keyledger/verdict';
import { toldInHeaders, verdictCodes } from './gateway-answer.js';
import { requestSchemas } from './verify-request.js';
import type { Said } from './verification.js';
import type { VerifiedFacts } from './verifier.js';

type Schemas<Name extends string> = Readonly<Record<Name, OpenApi>>;

const text = { type: 'string' };
const textOrNull = { type: ['string', 'null'] };
const timeOrNull = { ...textOrNull, format: 'date-time' };
const mode = { ...textOrNull, enum: ['test', 'live', null] };
const environment = { ...textOrNull, enum: [...environments, null] };
const version = { type: 'integer', minimum: 1, description: 'Which secret was used, during a rotation.' };

const verdict: Schemas<keyof VerifiedFacts | keyof Omit<Said, 'facts' | 'basis'> | 'valid'> = {
  valid: { type: 'boolean', description: 'True for `VALID` alone.' },
  code: {
    ...{ type: 'string', enum: verdictCodes },
    description:
      'The first rule that is broken; `STALE` where too little of the log is known to say it, and in a batch also ' +
      'for an end client that is over its limit of failed verdicts: not now.',
  },
  accountId: {
    ...textOrNull,
    description: 'Null, like the other facts, where nobody may know whose it is.',
  },
  applicationId: textOrNull,
  credentialId: textOrNull,
  version: { ...version, type: ['integer', 'null'] },
  type: { ...textOrNull, description: 'Of the credential, such as `api_key`.' },
  mode,
  environment,
  scopes: { type: 'array', items: text, description: 'All that the credential has.' },
  expiresAt: timeOrNull,
  position: { ...textOrNull, description: 'How far the verifier has followed the log; null where it has not begun.' },
  ageMs: { type: ['integer', 'null'], minimum: 0, description: 'How old its knowledge may be, in milliseconds.' },
};

const outcomes: readonly RuleOutcome['outcome'][] = ['passed', 'failed', 'not-checked'];

const explainedRule = {
  rule: { type: 'string', enum: refusalCodes },
  outcome: { type: 'string', enum: outcomes },
  eventId: { ...textOrNull, description: 'The event that decided it, where one did.' },
};

const introspection = {
  active: { type: 'boolean', description: 'False for whatever is not valid; then nothing else is told.' },
  scope: { type: 'string', description: 'Joined by spaces; left out where the credential has none.' },
  exp: { type: 'integer', description: 'Seconds since 1970; left out where it does not expire.' },
  client_id: { type: 'string', description: 'The id of the credential.' },
  sub: { type: 'string', description: 'The id of the account.' },
  ...{ account_id: text, application_id: text, credential_id: text, version, type: text },
  mode: { type: 'string', enum: ['test', 'live'] },
  environment: { type: 'string', enum: environments },
};

const objectOf = (properties: Readonly<Record<string, OpenApi>>, required = Object.keys(properties)): OpenApi => ({
  ...{ type: 'object', properties, required },
});

const rules = { type: 'array', items: { $ref: '#/components/schemas/ExplainedRule' }, description: 'With `explain`.' };

const schemas = {
  ...requestSchemas,
  IntrospectInput: {
    ...objectOf(
      {
        token: { type: 'string', description: 'A secret, or a public part and its secret as `public:secret`.' },
        token_type_hint: { type: 'string', description: 'Counts for nothing.' },
        ip: { type: 'string', description: 'Address of the end client.' },
        endpoint: { type: 'string', description: 'What it calls: the id of an endpoint, or `GET /path`.' },
      },
      ['token'],
    ),
    additionalProperties: true,
  },
  ExplainedRule: objectOf(explainedRule),
  Verdict: objectOf({ ...verdict, rules }, Object.keys(verdict)),
  VerdictBatch: objectOf({ items: { type: 'array', items: { $ref: '#/components/schemas/Verdict' } } }),
  ForwardAuthReply: objectOf({ code: { type: 'string', enum: ['VALID'] } }),
  Introspection: objectOf(introspection, ['active']),
};

const told: Readonly<Record<(typeof toldInHeaders)[number], string>> = {
  code: 'The verdict.',
  'account-id': 'Whose the credential is.',
  'application-id': 'The application that it belongs to.',
  'credential-id': 'The credential.',
  version: 'Which secret was used, during a rotation.',
  type: 'Of the credential, such as `api_key`.',
  mode: '`test` or `live`.',
  environment: 'Of the key pair.',
  scopes: 'All that the credential has, joined by spaces.',
};

const headerOf = (name: string): string =>
  `X-Keyledger-${name.replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase())}`;

const headers = Object.fromEntries(
  toldInHeaders.map((name) => [
    headerOf(name),
    { description: `${told[name]} Left out where it does not apply or is not known.`, schema: text },
  ]),
);

const position = {
  'Keyledger-Position': {
    description: 'How far the verifier has followed the log. Left out where it has not begun.',
    schema: text,
  },
};

const ofVerdict = Object.fromEntries(
  Object.keys(headers).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
);

const common = { service: 'VerificationService', components: { schemas, headers } };

/** Has the right checksum, and was never issued. */
const credential = 'key_test_00000000000000000000000000000000000000000011jOgGc';
const ip = '192.0.2.7';
const question = { credential, ip, endpoint: { method: 'GET', path: '/invoices' }, scopes: ['invoices:read'] };

const refusalIsAnAnswer = 'A credential that may not be used is no error: the answer is 200 with its `code`.';

export const ofVerify: RouteDocumentation = {
  ...common,
  operationId: 'Verify',
  rpcName: 'Verify',
  summary: 'May this credential do this, now?',
  description:
    `${refusalIsAnAnswer} Operator and verifier ask for verdicts; \`explain\` is for operator, owner and auditor. ` +
    'The credentials of accounts that the token is not for are `NOT_FOUND`.',
  body: { schema: 'VerifyInput', example: question },
  reply: 'Verdict',
  replyHeaders: { 200: position },
  refuses: ['position-of-another-log'],
};

export const ofBatch: RouteDocumentation = {
  ...common,
  operationId: 'VerifyBatch',
  rpcName: 'VerifyBatch',
  summary: 'Ask for many verdicts at once',
  description: `Each is asked and answered as by itself, in the same order. ${refusalIsAnAnswer}`,
  body: { schema: 'VerifyBatchInput', example: { items: [question, { ...question, ip: '192.0.2.8' }] } },
  reply: 'VerdictBatch',
  replyHeaders: { 200: position },
  refuses: ['position-of-another-log'],
};

export const ofForwardAuth: RouteDocumentation = {
  ...common,
  operationId: 'ForwardAuth',
  summary: 'Let a request through a gateway, or refuse it',
  description:
    'For `auth_request` of nginx, and what Traefik, Caddy and others have for it: the gateway asks before each ' +
    'request of its client, with the headers of that request. Any method but CONNECT will do, and neither a ' +
    'body nor a query is read. The gateway shows its token as `X-Keyledger-Token`, or is in ' +
    "KEYLEDGER_TRUSTED_GATEWAYS and needs none. The client's credential is exactly one of `X-Auth-Token`, " +
    '`X-Api-Key`, `X-Shared-Key` with ' +
    '`X-Secret-Key`, `Authorization: Bearer`, and `Authorization: Basic` with `public:secret`. A credential that is ' +
    'no good is 401, one that is good but not for this is 403; what cannot be said now is 503 (`STALE`), and too ' +
    'many refusals are 429.',
  security: ['gateway'],
  headers: {
    'X-Auth-Token': 'Credential of the client: the token of an account.',
    'X-Api-Key': 'Credential of the client: an API key.',
    'X-Shared-Key': 'Credential of the client: the shared key of a pair.',
    'X-Secret-Key': 'The secret key of the same pair.',
    'X-Forwarded-Method': 'Method of the request of the client.',
    'X-Forwarded-Uri': 'Its path and query. Which endpoint is called is not checked where this is left out.',
    'X-Forwarded-For': 'Address of the client: the last one that is no proxy in KEYLEDGER_TRUSTED_PROXIES.',
  },
  reply: 'ForwardAuthReply',
  replyHeaders: { 200: { ...position, ...ofVerdict }, 401: ofVerdict, 403: ofVerdict, 503: ofVerdict },
  refuses: ['position-not-reached'],
};

export const ofIntrospection: RouteDocumentation = {
  ...common,
  operationId: 'Introspect',
  summary: 'Introspect a credential as OAuth 2.0 does (RFC 7662)',
  description:
    'A resource server shows its token as Bearer, as the password of Basic (any user name; percent-encoded), or as ' +
    '`X-Keyledger-Token`; from a network in KEYLEDGER_TRUSTED_GATEWAYS it needs none. Whatever is not valid is ' +
    '`{"active":false}` and nothing else; what cannot be said now is 503. No field may come twice.',
  security: ['bearer', 'basic', 'gateway'],
  body: { schema: 'IntrospectInput', example: { token: credential, ip, endpoint: 'GET /invoices' } },
  reply: 'Introspection',
  replyHeaders: { 200: position },
  refuses: ['position-not-reached'],
};
