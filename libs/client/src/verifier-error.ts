/**
 * - `invalid-options`, `invalid-request`: what your program passed has to be mended.
 * - `invalid-token`, `unauthenticated`, `forbidden`: the verifier's own token has to be mended.
 * - `too-many-requests`, `unavailable`, `unreachable`, `timeout`: not now; all tries have been made.
 * - `unexpected-answer`: what answers is no verification of Keyledger.
 */
export type VerifierErrorReason =
  | 'invalid-options'
  | 'invalid-request'
  | 'invalid-token'
  | 'unauthenticated'
  | 'forbidden'
  | 'too-many-requests'
  | 'unavailable'
  | 'unreachable'
  | 'timeout'
  | 'unexpected-answer';

export interface VerifierErrorDetails {
  /** The HTTP status that Keyledger answered with. */
  readonly answered?: number;
  /** The code of its problem document. */
  readonly problem?: string;
  readonly retryAfterMs?: number;
  /** The limit that is used up is the one on your caller: its address showed too many credentials that were refused. */
  readonly limitsCaller?: boolean;
}

/** There is no verdict. The message says what to do, and holds neither the credential nor the token. */
export class VerifierError extends Error {
  override readonly name = 'VerifierError';
  readonly answered: number | null;
  readonly problem: string | null;
  readonly retryAfterMs: number | null;
  // The form of `http-errors`, which Express, Fastify and Nest read: "not now" must not look like "never".
  readonly status: 429 | 503;
  readonly statusCode: 429 | 503;
  readonly expose = false;
  readonly headers: { readonly 'retry-after': string };

  constructor(
    readonly reason: VerifierErrorReason,
    message: string,
    { answered, problem, retryAfterMs, limitsCaller = false }: VerifierErrorDetails = {},
  ) {
    super(message);
    this.answered = answered ?? null;
    this.problem = problem ?? null;
    this.retryAfterMs = retryAfterMs ?? null;
    this.status = limitsCaller ? 429 : 503;
    this.statusCode = this.status;
    this.headers = { 'retry-after': String(Math.max(1, Math.ceil((retryAfterMs ?? 0) / 1_000))) };
  }
}
