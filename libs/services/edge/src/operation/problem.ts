import { problemCodes, type ProblemCode } from '@keyledger/contract';
import type { FieldError } from '@keyledger/domain';

/** A refusal as both doors tell it: RFC 9457 problem details over HTTP, a status with ErrorInfo over gRPC. */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode,
    /** What happened and what to do about it. Never holds a secret. */
    readonly detail: string,
    readonly errors: readonly FieldError[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.name = 'Problem';
  }

  get status(): number {
    return problemCodes[this.code].status;
  }
}

export const notFound = (): Problem =>
  new Problem('not-found', 'There is no such resource, or it is not one of yours. Check the ids in the request.');

export const invalid = (field: string, message: string): Problem =>
  new Problem('invalid-request', `${field} ${message}`, [{ field, message }]);

/** The body of a problem+json answer. */
export const problemBody = (problem: Problem): object => ({
  type: `urn:keyledger:problem:${problem.code}`,
  title: problemCodes[problem.code].title,
  status: problem.status,
  detail: problem.detail,
  code: problem.code,
  errors: problem.errors,
});
