import { applyDecorators, type Type, ValidationPipe, type ValidationError } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type as asInstance } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  registerDecorator,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { FieldError } from '@keyledger/domain';
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

/**
 * Text that every store can hold as it is: no NUL or other control character but tab and line ends, no lone surrogate,
 * and no U+FFFD, which is what text that was not valid UTF-8 has become.
 */
const unstorable =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

const check =
  (name: string, message: string, validate: (value: unknown) => boolean, each = false): PropertyDecorator =>
  (target, propertyName) => {
    const options = {
      message: each ? `each value of ${String(propertyName)} ${message}` : `$property ${message}`,
      each,
    };
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: String(propertyName),
      options,
      validator: { validate },
    });
  };

const isPlainText = (value: unknown): boolean => typeof value === 'string' && !unstorable.test(value);

interface TextOptions extends Presence, Documented {
  readonly min?: number;
  readonly max: number;
  readonly pattern?: RegExp;
}

/** Text of `min` (1) to `max` characters. */
export const Text = ({ min = 1, max, pattern, description, example, ...rest }: TextOptions): PropertyDecorator =>
  applyDecorators(
    presence(rest, { type: String, minLength: min, maxLength: max, description, example, pattern: pattern?.source }),
    check('plainText', 'must be text without control characters', isPlainText),
    MinLength(min),
    MaxLength(max),
    ...(pattern === undefined ? [] : [Matches(pattern)]),
  );

/**
 * One of a fixed set of words. The enum of a query parameter is lost in @nestjs/swagger 12, so a pattern says it too.
 */
export const OneOf = (values: readonly string[], options: Presence & Documented = {}): PropertyDecorator => {
  const { description, example, ...rest } = options;
  const pattern = `^(?:${values.join('|')})$`;
  return applyDecorators(presence(rest, { type: String, enum: values, pattern, description, example }), IsIn(values));
};

export const Flag = (options: Presence & Documented = {}): PropertyDecorator => {
  const { description, ...rest } = options;
  return applyDecorators(presence(rest, { type: Boolean, description }), IsBoolean());
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
    IsInt(),
    Min(min),
    Max(max),
  );

/** As Whole, for the query of a GET, where every value is text. */
export const QueryWhole = (options: WholeOptions): PropertyDecorator =>
  applyDecorators(
    Whole(options),
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && digits.test(value) ? Number(value) : value,
    ),
  );

const instantForm =
  /^(\d{4})-(0[1-9]|1[0-2])-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** The parser of Date takes a 31st in every month, and moves it into the next one. */
const isDay = (year: number, month: number, day: number): boolean =>
  day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();

const isInstant = (value: unknown): boolean => {
  const [, year, month, day] = (typeof value === 'string' ? instantForm.exec(value) : null) ?? [];
  return day !== undefined && isDay(Number(year), Number(month), Number(day));
};

/** A point in time (RFC 3339), kept in UTC with milliseconds. */
export const Instant = (options: Presence & Documented = {}): PropertyDecorator => {
  const { description, ...rest } = options;
  return applyDecorators(
    presence(rest, { type: String, format: 'date-time', description, example: '2031-05-20T12:00:00Z' }),
    check('instant', 'must be a time such as 2031-05-20T12:00:00Z', isInstant),
    Transform(({ value }: { value: unknown }) => (isInstant(value) ? new Date(value as string).toISOString() : value)),
  );
};

interface TextsOptions extends Presence, Documented {
  readonly maxItems: number;
  readonly maxLength: number;
  readonly valid?: { readonly message: string; readonly test: (value: string) => boolean };
}

/** A list of texts, each of 1 to `maxLength` characters. */
export const Texts = ({ maxItems, maxLength, valid, description, ...rest }: TextsOptions): PropertyDecorator =>
  applyDecorators(
    presence(rest, {
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength },
      maxItems,
      description,
    }),
    IsArray(),
    ArrayMaxSize(maxItems),
    check('plainTexts', 'must be text without control characters', isPlainText, true),
    MinLength(1, { each: true }),
    MaxLength(maxLength, { each: true }),
    ...(valid === undefined
      ? []
      : [check('validTexts', valid.message, (value) => typeof value === 'string' && valid.test(value), true)]),
  );

/** An object with fields of its own. */
export const Nested = (type: Type<object>, options: Presence & Documented = {}): PropertyDecorator => {
  const { description, ...rest } = options;
  return applyDecorators(
    presence(rest, { type, description }),
    IsObject(),
    ValidateNested(),
    asInstance(() => type),
  );
};

/** A list of objects. */
export const NestedList = (type: Type<object>, { maxItems }: { readonly maxItems: number }): PropertyDecorator =>
  applyDecorators(
    presence({}, { type: [type], maxItems }),
    IsArray(),
    ArrayMaxSize(maxItems),
    IsObject({ each: true }),
    ValidateNested({ each: true }),
    asInstance(() => type),
  );

/** Every violation with its path, as in `endpoints.0.method`. */
export const flatten = (errors: readonly ValidationError[], prefix = ''): readonly FieldError[] =>
  errors.flatMap((error) => {
    const field = `${prefix}${error.property}`;
    const own = Object.values(error.constraints ?? {}).map((text) => ({
      field,
      message: withoutName(text, error.property),
    }));
    return [...own, ...flatten(error.children ?? [], `${field}.`)];
  });

/** class-validator puts the property's name before its message; we have it in `field`. */
const withoutName = (text: string, property: string): string => {
  if (text.startsWith(`property ${property} should not exist`)) return 'is not a field of this request';
  return text.startsWith(`${property} `) ? text.slice(property.length + 1) : text;
};

/** Validates what `Input` read; unknown fields are refused, so that a typo never passes for a setting. */
export const validationPipe = (): ValidationPipe =>
  new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    validateCustomDecorators: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => {
      const fields = flatten(errors);
      const detail = fields.map(({ field, message }) => `${field} ${message}`).join('; ');
      return new Problem('invalid-request', detail.slice(0, 2000), fields.slice(0, 100));
    },
  });
