import type { ApiProblem } from '../api/problem.js';

/** What the server says of one field of a form. */
export const errorOf = (problem: ApiProblem | undefined, field: string): string | undefined => {
  const messages = problem?.errors.filter((each) => each.field === field).map(({ message }) => message);
  const text = messages?.join('; ') ?? '';
  return text === '' ? undefined : text.charAt(0).toUpperCase() + text.slice(1);
};
