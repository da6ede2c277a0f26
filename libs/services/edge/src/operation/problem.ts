import { problemCodes, type ProblemCode } from '@keyledger/contract';
import { type FieldError, Rejection } from '@keyledger/domain';
import { LogReadOnly, LogReplaced, LogUnavailable, OutcomeUnknown, StorageFull, TooBusy } from '@keyledger/event-log';
import { isPassing, isStorageFull } from '@keyledger/postgres';
import { withSecretsMasked } from '@keyledger/secrets';
import { HttpException } from '@nestjs/common';

const MOST_DETAIL = 2_000;

/** A refusal as both doors tell it: RFC 9457 problem details over HTTP, a status with ErrorInfo over gRPC. */
export class Problem extends Error {
  /** What a program may go on with, by the names of the resources: members of the body, metadata of ErrorInfo. */
  facts: Readonly<Record<string, string>> = {};

  /** What happened and what to do about it. */
  readonly detail: string;
  readonly errors: readonly FieldError[];

  /**
   * Fields have names that the caller chose, and a secret can stand there by mistake: all texts are masked, and only
   * then cut to a length that people read.
   */
  constructor(
    readonly code: ProblemCode,
    detail: string,
    errors: readonly FieldError[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(withSecretsMasked(detail).slice(0, MOST_DETAIL));
    this.name = 'Problem';
    this.detail = this.message;
    this.errors = errors.map(({ field, message }) => ({
      field: withSecretsMasked(field),
      message: withSecretsMasked(message),
    }));
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
  ...problem.facts,
});

const byHttpStatus: Readonly<Record<number, readonly [ProblemCode, string]>> = {
  400: ['malformed-request', 'The request cannot be decoded: check its JSON, its UTF-8 and its percent-encoding.'],
  404: ['not-found', 'There is no such route.'],
  413: ['too-large', 'The body is larger than 256 KiB.'],
  // A part of the path that is longer than any id.
  414: ['not-found', 'There is no such resource. Check the ids in the path.'],
  415: ['unsupported-media-type', 'Send the body as application/json in UTF-8.'],
  431: ['too-large', 'The headers are too large.'],
};

const retryLater = { 'Retry-After': '1' };

/** What is said of a request that would write while KEYLEDGER_READ_ONLY is on. */
export const writesPaused = (
  detail = 'Writes are paused for maintenance. Nothing was stored; repeat the request later.',
): Problem => new Problem('read-only', detail, [], { 'Retry-After': '30' });

type Kind = abstract new (...args: never[]) => Error;

/** Troubles of the log that may be over when the caller tries again. */
const passingTroubles: readonly (readonly [Kind, ProblemCode, detail: string])[] = [
  [
    OutcomeUnknown,
    'outcome-unknown',
    'The write may or may not have been stored. Repeat it with the same Idempotency-Key.',
  ],
  [LogUnavailable, 'log-unavailable', 'The log does not answer. Nothing was stored; try again.'],
  [StorageFull, 'storage-full', 'The disk of the log is full. Nothing was stored; free some space and try again.'],
  [TooBusy, 'too-busy', 'Too many writes are waiting for this account. Try again.'],
];

const fromLog = (error: unknown): Problem | undefined => {
  if (error instanceof LogReadOnly) return writesPaused();
  if (error instanceof LogReplaced) return new Problem('log-replaced', error.message);
  const [, code, detail = ''] = passingTroubles.find(([kind]) => error instanceof kind) ?? [];
  return code === undefined ? undefined : new Problem(code, detail, [], retryLater);
};

/** What a framework refused: its status says which of our codes it is. */
const fromStatus = (error: unknown): Problem | undefined => {
  const status = error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown }).statusCode;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  // What is the caller's mistake stays the caller's, whether we know the mistake or not.
  const [code, detail] = byHttpStatus[status] ?? ['malformed-request', 'The request cannot be served as it is.'];
  return new Problem(code, detail);
};

/** PostgreSQL full or out of reach while something beside the log was asked of it. */
const databaseTrouble = (error: unknown): Problem | undefined => {
  if (isStorageFull(error)) {
    return new Problem('storage-full', 'The disk of the database is full; free some space.', [], retryLater);
  }
  if (!isPassing(error)) return undefined;
  return new Problem('log-unavailable', 'The database does not answer; try again.', [], retryLater);
};

const fromRejection = ({ code, message, errors, facts }: Rejection): Problem =>
  Object.assign(new Problem(code, message, errors), { facts });

/** Any error as a problem; what nobody foresaw is `internal`, and its message stays in our log. */
export const toProblem = (error: unknown): Problem => {
  if (error instanceof Problem) return error;
  if (error instanceof Rejection) return fromRejection(error);
  if (typeof error === 'object' && error !== null) {
    const known = fromLog(error) ?? fromStatus(error) ?? databaseTrouble(error);
    if (known !== undefined) return known;
  }
  return new Problem('internal', 'Something failed on our side. The log has the details under the correlation id.');
};
