import { positionForm, Problem, type OpenApi } from '@keyledger/edge';
import type { FieldError } from '@keyledger/domain';
import { presentFields, type CredentialFields } from './presented.js';
import { MOST_AT_ONCE, MOST_SCOPES, type Asked } from './verification.js';

/** A request for a verdict as JSON has it. */
export interface VerifyInput extends Asked {
  readonly explain: boolean;
}

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => string | undefined;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text: Check = (value) => (typeof value === 'string' || value === null ? undefined : 'must be a text');

const scopes: Check = (value) => {
  const isList = Array.isArray(value) && value.every((scope) => typeof scope === 'string');
  if (!isList) return 'must be a list of texts';
  return value.length > MOST_SCOPES ? `must be at most ${MOST_SCOPES}` : undefined;
};

const endpoint: Check = (value) => {
  if (typeof value === 'string' || value === null) return undefined;
  const isCall =
    isFields(value) &&
    typeof value['method'] === 'string' &&
    typeof value['path'] === 'string' &&
    Object.keys(value).length === 2;
  return isCall ? undefined : 'must be the id of an endpoint, or {"method", "path"}';
};

const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');

/** How a field is checked, and what OpenAPI says of it. */
type Field = readonly [Check, OpenApi];

const textField = (description: string, more: OpenApi = {}): Field => [
  text,
  { type: ['string', 'null'], description, ...more },
];

const fields: Readonly<Record<string, Field>> = {
  credential: textField('A secret, or a public part and its secret as `public:secret`.'),
  clientId: textField('With `clientSecret`.'),
  clientSecret: textField('With `clientId`.'),
  sharedKey: textField('With `secretKey`.'),
  secretKey: textField('With `sharedKey`.'),
  ip: textField('Address of the end client. Without it, a credential that is bound to addresses is refused.'),
  endpoint: [
    endpoint,
    {
      anyOf: [{ type: 'string' }, { $ref: '#/components/schemas/CalledEndpoint' }, { type: 'null' }],
      description: 'What is called: the id of an endpoint, or its method and path. Not checked where left out.',
    },
  ],
  scopes: [
    scopes,
    {
      ...{ type: 'array', items: { type: 'string' }, maxItems: MOST_SCOPES },
      description: 'All of them are needed. Not checked where left out.',
    },
  ],
  minPosition: textField('Answer only by what is known at this position, or `STALE` after 2 seconds.', {
    pattern: positionForm.source,
  }),
  explain: [flag, { type: 'boolean', description: 'Tell every rule with its outcome, and count nothing.' }],
};

const checks: ReadonlyMap<string, Check> = new Map(Object.entries(fields).map(([name, [check]]) => [name, check]));

/** What is read here, as OpenAPI documents it. */
export const requestSchemas = {
  CalledEndpoint: {
    type: 'object',
    properties: {
      method: { type: 'string', example: 'GET' },
      path: { type: 'string', description: 'A query is cut off.', example: '/invoices' },
    },
    required: ['method', 'path'],
  },
  VerifyInput: {
    type: 'object',
    description: 'Exactly one credential: `credential`, or one of the two pairs. Anything else is `MALFORMED`.',
    properties: Object.fromEntries(Object.entries(fields).map(([name, [, schema]]) => [name, schema])),
  },
  VerifyBatchInput: {
    type: 'object',
    properties: {
      items: {
        ...{ type: 'array', items: { $ref: '#/components/schemas/VerifyInput' }, maxItems: MOST_AT_ONCE },
        description: 'Answered in this order. None of them may ask to `explain`.',
      },
    },
    required: ['items'],
  },
} satisfies Readonly<Record<string, OpenApi>>;

const mistakesIn = (body: Fields, place: string): readonly FieldError[] => {
  const mistakes: FieldError[] = [];
  for (const field of Object.keys(body)) {
    const check = checks.get(field);
    const message = check === undefined ? 'is not a field of this request' : check(body[field]);
    if (message !== undefined) mistakes.push({ field: place + field, message });
  }
  return mistakes;
};

const refuse = (errors: readonly FieldError[]): never => {
  const detail = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
  throw new Problem('invalid-request', detail, errors);
};

const NO_SCOPES: readonly string[] = [];

/** What `mistakesIn` has found nothing wrong with. */
interface SoundBody extends CredentialFields {
  readonly ip?: string | null;
  readonly endpoint?: Asked['endpoint'];
  readonly scopes?: readonly string[];
  readonly minPosition?: string | null;
  readonly explain?: boolean;
}

const inputOf = (body: SoundBody, place: string): VerifyInput => ({
  presented: presentFields(body),
  ip: body.ip ?? null,
  endpoint: body.endpoint ?? null,
  scopes: body.scopes ?? NO_SCOPES,
  minPosition: body.minPosition ?? null,
  minPositionField: place === '' ? 'minPosition' : `${place}minPosition`,
  explain: body.explain === true,
});

/** Reads the body of a request for a verdict. Throws `invalid-request` for wrong JSON types and unknown fields. */
export const readVerifyInput = (body: unknown, place = ''): VerifyInput => {
  if (!isFields(body)) {
    return refuse([{ field: place === '' ? 'body' : place.slice(0, -1), message: 'must be an object' }]);
  }
  const mistakes = mistakesIn(body, place);
  return mistakes.length > 0 ? refuse(mistakes) : inputOf(body, place);
};

/** Reads the body of a batch. Throws `invalid-request`, also for `explain`. */
export const readBatch = (body: unknown): readonly VerifyInput[] => {
  const items = isFields(body) ? body['items'] : undefined;
  if (!isFields(body) || !Array.isArray(items) || Object.keys(body).length !== 1) {
    return refuse([{ field: 'items', message: 'must be the one field, a list of requests' }]);
  }
  const inputs = items.map((item, index) => readVerifyInput(item, `items.${index}.`));
  const explained = inputs.findIndex((input) => input.explain);
  if (explained >= 0) refuse([{ field: `items.${explained}.explain`, message: 'is not taken in a batch' }]);
  return inputs;
};
