import { applyDecorators, type Type, ValidationPipe, type ValidationError } from '@nestjs/common';
import { Transform, Type as asInstance } from 'class-transformer';
import { registerDecorator, ValidateIf, ValidateNested, type ValidationArguments } from 'class-validator';
import { idForms, toId, type FieldError, type IdName } from '@keyledger/domain';
import { ApiProperty, ApiPropertyOptional } from './documented.js';
import { boundOf, instantOf, mistakeInInstant } from './instant-text.js';
import { mistakeInText, normalised, textPattern } from './plain-text.js';
import { Problem } from './problem.js';

/** Whether the field may be left out, and whether null is a value of its own (a PATCH that clears). */
interface Presence {
  readonly optional?: boolean;
  readonly nullable?: boolean;
}

type Documented = { readonly description?: string; readonly example?: unknown };

const presence = ({ optional, nullable }: Presence, schema: object): PropertyDecorator =>
  applyDecorators(
    optional === true
      ? ApiPropertyOptional({ ...schema, ...(nullable === true ? { nullable } : {}) })
      : ApiProperty({ ...schema, ...(nullable === true ? { nullable } : {}) }),
    ValidateIf((_, value) => !(optional === true && value === undefined) && !(nullable === true && value === null)),
  );

/** Says what is wrong with a value, in words that read on from the name of its field; undefined if nothing is. */
type FindMistake = (value: unknown) => string | undefined;

/** The one check of a field, so that one mistake is told once. */
const check =
  (find: FindMistake): PropertyDecorator =>
  (target, propertyName) => {
    const mistakeIn: FindMistake = (value) => (value === undefined ? 'is required' : find(value));
    registerDecorator({
      name: 'field',
      target: target.constructor,
      propertyName: String(propertyName),
      options: { message: ({ value }: ValidationArguments) => mistakeIn(value) ?? '' },
      validator: { validate: (value) => mistakeIn(value) === undefined },
    });
  };

interface TextOptions extends Presence, Documented {
  readonly min?: number;
  readonly max: number;
  /** For names, titles and external ids: one line with something to see in it. */
  readonly oneLine?: boolean;
  /** What the whole text must match, and how a person would say that. */
  readonly pattern?: RegExp;
  readonly form?: string;
  /** For the documentation only, where others check it. */
  readonly shownPattern?: RegExp;
}

/** Text of `min` (1) to `max` characters. */
export const Text = (options: TextOptions): PropertyDecorator => {
  const { min = 1, max, oneLine = false, pattern, form, shownPattern, description, example, ...rest } = options;
  const shown = (pattern ?? shownPattern)?.source ?? textPattern(oneLine);
  return applyDecorators(
    presence(rest, { type: String, minLength: min, maxLength: max, description, example, pattern: shown }),
    Transform(({ value }: { value: unknown }) => normalised(value, max)),
    check((value) => {
      if (value === null && rest.optional === true) return 'cannot be cleared: it must be text, or left out';
      const mistake = mistakeInText(value, { min, max, oneLine });
      if (mistake !== undefined || pattern === undefined || pattern.test(String(value))) return mistake;
      return `must be ${form ?? 'written otherwise: see the documentation of the API'}`;
    }),
  );
};

/** As an example only. */
const idExample = (name: IdName): string => toId(name, '018f3c5e-7e9a-7cc1-8a55-2f0d7f1f4a10');

/** The id of a thing, in the form that all its ids have. */
export const Id = (name: IdName, options: Presence & Documented = {}): PropertyDecorator => {
  const example = idExample(name);
  return Text({ max: example.length, pattern: idForms[name], form: `an id such as ${example}`, example, ...options });
};

const oneOf = (values: readonly string[], options: Presence & Documented, schema: object): PropertyDecorator => {
  const { description, example, ...rest } = options;
  return applyDecorators(
    presence(rest, { type: String, ...schema, description, example }),
    check((value) => (values.some((one) => one === value) ? undefined : `must be one of ${values.join(', ')}`)),
  );
};

/** One of a fixed set of words. */
export const OneOf = (values: readonly string[], options: Presence & Documented = {}): PropertyDecorator =>
  oneOf(values, options, { enum: values });

/** As OneOf, for the query of a GET: there `@nestjs/swagger` keeps an enum only in a schema of its own. */
export const QueryOneOf = (values: readonly string[], options: Presence & Documented = {}): PropertyDecorator =>
  oneOf(values, options, { schema: { enum: values } });

/** Some of a fixed set of words, for the query of a GET, where a word by itself is a list of one. */
export const QueryManyOf = (
  values: readonly string[],
  { description, example }: Documented = {},
): PropertyDecorator => {
  const items = { type: 'string', enum: [...values] };
  const mistakeIn = (value: unknown): string | undefined => {
    if (!Array.isArray(value) || value.length > values.length) return `must be given at most ${values.length} times`;
    const wrong = value.findIndex((word) => !values.some((one) => one === word));
    if (wrong < 0) return undefined;
    // The mistake first: a list of words may be cut short on its way.
    const which = value.length === 1 ? '' : `these, which number ${wrong + 1} is not: `;
    return `must be one of ${which}${values.join(', ')}`;
  };
  return applyDecorators(
    presence({ optional: true }, { type: 'array', items, maxItems: values.length, description, example }),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? [value] : value)),
    check(mistakeIn),
  );
};

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Text of any kind, taken as it stands: it is neither normalised nor stored. Of at most so much UTF-8. */
export const Verbatim = ({ maxBytes, ...options }: Documented & { readonly maxBytes: number }): PropertyDecorator =>
  applyDecorators(
    presence({}, { type: String, ...options }),
    check((value) => {
      if (typeof value !== 'string') return 'must be text';
      if (/\p{Cs}/u.test(value)) return 'must be text that has a form in UTF-8';
      return Buffer.byteLength(value) <= maxBytes ? undefined : `must not be larger than ${maxBytes / 1024} KiB`;
    }),
  );

/** Texts of any kind by names of any kind, as headers are. */
export const TextMap = (options: Documented = {}): PropertyDecorator =>
  applyDecorators(
    presence({}, { type: 'object', additionalProperties: { type: 'string' }, ...options }),
    check((value) => {
      if (!isObject(value)) return 'must be an object';
      const wrong = Object.entries(value as object).find(([, text]) => typeof text !== 'string');
      return wrong === undefined ? undefined : 'must have texts as values';
    }),
  );

export const Flag = (options: Presence & Documented = {}): PropertyDecorator => {
  const { description, ...rest } = options;
  return applyDecorators(
    presence(rest, { type: Boolean, description }),
    check((value) => (typeof value === 'boolean' ? undefined : 'must be true or false')),
  );
};

interface WholeOptions extends Presence, Documented {
  readonly min: number;
  readonly max: number;
  readonly default?: number;
}

const digits = /^-?\d{1,15}$/;

/** A whole number; a query sends it as digits. */
export const Whole = ({ min, max, description, default: byDefault, ...rest }: WholeOptions): PropertyDecorator =>
  applyDecorators(
    presence(rest, { type: 'integer', minimum: min, maximum: max, default: byDefault, description }),
    check((value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
        ? undefined
        : `must be a whole number from ${min} to ${max}`,
    ),
  );

/** As Whole, for the query of a GET, where every value is text. */
export const QueryWhole = (options: WholeOptions): PropertyDecorator =>
  applyDecorators(
    Whole(options),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && digits.test(value) ? Number(value) : value,
    ),
  );

const time = (options: Presence & Documented, read: typeof instantOf): PropertyDecorator => {
  const { description, ...rest } = options;
  return applyDecorators(
    presence(rest, { type: String, format: 'date-time', description, example: '2031-05-20T12:00:00Z' }),
    check(mistakeInInstant),
    Transform(({ value }: { value: unknown }) => read(value) ?? value),
  );
};

/** A point in time (RFC 3339), kept in UTC with milliseconds: what is finer is cut off, so that nothing ends late. */
export const Instant = (options: Presence & Documented = {}): PropertyDecorator => time(options, instantOf);

/** As Instant, for the query of a GET that compares our times with it. */
export const QueryInstant = (options: Presence & Documented = {}): PropertyDecorator => time(options, boundOf);

const mistakeInJson = (value: unknown, maxBytes: number): string | undefined => {
  if (typeof value !== 'string') return 'must be JSON';
  if (Buffer.byteLength(value) > maxBytes) return `must not be larger than ${maxBytes / 1024} KiB`;
  try {
    JSON.parse(value);
    return undefined;
  } catch {
    return 'must be JSON';
  }
};

/** Any JSON, as its text: for the field that an operation takes `verbatim`. */
export const AnyJson = ({ maxBytes, description }: Documented & { readonly maxBytes: number }): PropertyDecorator =>
  applyDecorators(
    presence({}, { anyOf: [{}], description }),
    check((value) => mistakeInJson(value, maxBytes)),
  );

interface TextsOptions extends Presence, Documented {
  readonly maxItems: number;
  readonly maxLength: number;
  /** For the documentation only. */
  readonly pattern?: RegExp;
  /** What is wrong with one text of the list, in words that read on from its number; undefined if nothing is. */
  readonly mistakeIn?: (text: string) => string | undefined;
}

const MOST_MISTAKES = 5;

const mistakeInTexts = (value: unknown, { maxItems, maxLength, mistakeIn }: TextsOptions): string | undefined => {
  if (!Array.isArray(value) || value.length > maxItems) return `must be a list of at most ${maxItems} texts`;
  const mistakes = (value as readonly unknown[]).flatMap((item, index) => {
    const mistake = mistakeInText(item, { min: 1, max: maxLength }) ?? mistakeIn?.(String(item));
    return mistake === undefined ? [] : [`number ${index + 1} ${mistake}`];
  });
  if (mistakes.length === 0) return undefined;
  const more = mistakes.length > MOST_MISTAKES ? [`and ${mistakes.length - MOST_MISTAKES} more`] : [];
  return `has mistakes: ${[...mistakes.slice(0, MOST_MISTAKES), ...more].join('; ')}`;
};

/** A list of texts, each of 1 to `maxLength` characters. */
export const Texts = (options: TextsOptions): PropertyDecorator => {
  const { maxItems, maxLength, description, pattern } = options;
  const items = { type: 'string', minLength: 1, maxLength, pattern: pattern?.source ?? textPattern(false) };
  return applyDecorators(
    presence(options, { type: 'array', items, maxItems, description }),
    Transform(({ value }: { value: unknown }) => normalised(value, maxLength)),
    check((value) => mistakeInTexts(value, options)),
  );
};

const mistakeInObjects = (value: unknown, maxItems: number): string | undefined => {
  if (!Array.isArray(value) || value.length > maxItems) return `must be a list of at most ${maxItems} objects`;
  const wrong = value.findIndex((item) => !isObject(item));
  return wrong < 0 ? undefined : `must be a list of objects, which number ${wrong + 1} is not`;
};

/** An object with fields of its own. */
export const Nested = (type: Type<object>, options: Presence & Documented = {}): PropertyDecorator => {
  const { description, ...rest } = options;
  return applyDecorators(
    presence(rest, { type, description }),
    check((value) => (isObject(value) ? undefined : 'must be an object')),
    ValidateNested(),
    asInstance(() => type),
  );
};

/** A list of objects. */
export const NestedList = (type: Type<object>, { maxItems }: { readonly maxItems: number }): PropertyDecorator =>
  applyDecorators(
    presence({}, { type: [type], maxItems }),
    check((value) => mistakeInObjects(value, maxItems)),
    ValidateNested(),
    asInstance(() => type),
  );

/** Every violation with its path, as in `endpoints.0.method`. */
export const flatten = (errors: readonly ValidationError[], prefix = ''): readonly FieldError[] =>
  errors.flatMap((error) => {
    const field = `${prefix}${error.property}`;
    const message = messageOf(error.constraints ?? {});
    // What is wrong with a value as a whole, class-validator tells again of its parts, in words of its own.
    return message === undefined ? flatten(error.children ?? [], `${field}.`) : [{ field, message }];
  });

/** That of our own check where there is one; else of class-validator's, which knows the fields of a class. */
const messageOf = ({ field, whitelistValidation, ...others }: Readonly<Record<string, string>>): string | undefined => {
  if (field !== undefined) return field;
  return whitelistValidation === undefined ? Object.values(others)[0] : 'is not a field of this request';
};

/** Of the mistakes in one request. */
const MOST_TOLD = 100;

/** Validates what `Input` read; unknown fields are refused, so that a typo never passes for a setting. */
export const validationPipe = (): ValidationPipe =>
  new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    validateCustomDecorators: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => {
      const fields = flatten(errors).slice(0, MOST_TOLD);
      const detail = fields.map(({ field, message }) => `${field} ${message}`).join('; ');
      return new Problem('invalid-request', detail, fields);
    },
  });
