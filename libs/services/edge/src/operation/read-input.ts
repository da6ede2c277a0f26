import type { Type } from '@nestjs/common';
import { validationPipe } from './fields.js';
import { isFields, sound } from './operation.guard.js';
import { Problem } from './problem.js';

const pipe = validationPipe();

/** The body of a request as the operation with this input would take it. Throws `invalid-request`. */
export const readInput = async <T extends object>(input: Type<T>, body: unknown): Promise<T> => {
  if (!isFields(body)) throw new Problem('invalid-request', 'The body must be a JSON object.');
  return (await pipe.transform(sound(body), { type: 'custom', metatype: input })) as T;
};
