import type { components } from './generated/schema.js';

type ProblemBody = components['schemas']['Problem'];
export type ProblemCode = ProblemBody['code'] | 'unreachable' | 'unexpected-answer';

interface Facts {
  /** 0 where no answer came. */
  readonly status: number;
  readonly code: ProblemCode;
  readonly title: string;
  readonly detail: string;
  readonly errors?: ProblemBody['errors'];
  readonly correlationId?: string | null;
  readonly retryAfterSeconds?: number;
}

const PASSING = new Set([0, 429, 502, 503, 504]);
const NEVER_PASSES = new Set<ProblemCode>(['log-replaced']);

/** A refusal of the API, or that it cannot be reached, in its own words. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: ProblemCode;
  readonly title: string;
  readonly detail: string;
  readonly errors: ProblemBody['errors'];
  readonly correlationId: string | null;
  readonly retryAfterSeconds: number | undefined;

  constructor({ status, code, title, detail, errors = [], correlationId = null, retryAfterSeconds }: Facts) {
    super(title);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.errors = errors;
    this.correlationId = correlationId;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Whether the same request may go well in a moment. */
  get isPassing(): boolean {
    return PASSING.has(this.status) && !NEVER_PASSES.has(this.code);
  }
}

export const unreachable = (): ApiProblem =>
  new ApiProblem({
    status: 0,
    code: 'unreachable',
    title: 'Keyledger cannot be reached',
    detail: 'No answer came. Check the network, and whether Keyledger runs.',
  });

const unexpected = (status: number, correlationId: string | null): ApiProblem =>
  new ApiProblem({
    status,
    code: 'unexpected-answer',
    title: 'The answer was not understood',
    detail: `Something between here and Keyledger answered with status ${status}.`,
    correlationId,
  });

const isProblemBody = (body: unknown): body is ProblemBody =>
  typeof body === 'object' && body !== null && 'code' in body && 'title' in body && 'detail' in body;

/** The problem that an answer which is no success tells of. */
export const problemOf = async (response: Response): Promise<ApiProblem> => {
  const correlationId = response.headers.get('x-correlation-id');
  const body: unknown = await response.json().catch(() => undefined);
  if (!isProblemBody(body)) return unexpected(response.status, correlationId);
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  const { status } = response;
  const { code, title, detail, errors } = body;
  const facts = { status, code, title, detail, errors, correlationId };
  return new ApiProblem(Number.isFinite(seconds) ? { ...facts, retryAfterSeconds: seconds } : facts);
};

/** Whatever was thrown, as a problem that can be shown. */
export const toProblem = (error: unknown): ApiProblem =>
  error instanceof ApiProblem
    ? error
    : new ApiProblem({
        status: -1,
        code: 'internal',
        title: 'The console made a mistake',
        detail: error instanceof Error ? error.message : 'Reload the page.',
      });
