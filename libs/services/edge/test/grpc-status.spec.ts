import { encodeProblem } from '../src/grpc/grpc-status.js';
import { invalid } from '../src/operation/problem.js';

it.each([
  ['overlapSeconds', 'overlap_seconds'],
  ['minPosition', 'min-position'],
  ['toString', 'to_string'],
  ['constructor', 'constructor'],
  ['__proto__', '__proto__'],
])('names the field %s as the protos do, whatever objects inherit under it', (field, name) => {
  expect(encodeProblem(invalid(field, 'is no field')).details).toBe(`${name} is no field`);
});
