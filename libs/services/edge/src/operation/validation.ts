import { ValidationPipe, type ValidationError } from '@nestjs/common';
import type { FieldError } from '@keyledger/domain';
import { Problem } from './problem.js';

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
