/** What a caller presented. Nothing, half of a pair, or more than one thing is answered with the code `MALFORMED`. */
export interface PresentedCredential {
  /** A token, or a pair as `public:secret`. */
  readonly credential?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly sharedKey?: string;
  readonly secretKey?: string;
}

/** May this credential do this, now? */
export interface VerifyRequest extends PresentedCredential {
  /** Where the call came from. Without it, what is bound to addresses is refused. */
  readonly ip?: string;
  /** Its id in the catalogue, or method and path of the call. Without it connected endpoints are not checked. */
  readonly endpoint?: string | { readonly method: string; readonly path: string };
  /** The credential has to have all of them. */
  readonly scopes?: readonly string[];
  /** The answer is at least as fresh as this position, or its code is `STALE`. */
  readonly minPosition?: string;
}

const statuses = {
  VALID: 200,
  MALFORMED: 401,
  NOT_FOUND: 401,
  API_DISABLED: 401,
  REVOKED: 401,
  SUSPENDED: 401,
  EXPIRED: 401,
  IP_NOT_ALLOWED: 403,
  ENDPOINT_NOT_CONNECTED: 403,
  INSUFFICIENT_SCOPE: 403,
  STALE: 503,
} as const;

export type VerdictCode = keyof typeof statuses;

/** The answer. What does not apply, or is not known, is null. */
export interface Verdict {
  readonly valid: boolean;
  readonly code: VerdictCode;
  readonly accountId: string | null;
  readonly applicationId: string | null;
  readonly credentialId: string | null;
  readonly version: number | null;
  readonly type: string | null;
  readonly mode: string | null;
  readonly environment: string | null;
  readonly scopes: readonly string[] | null;
  readonly expiresAt: string | null;
  /** How far the verifier had followed the log; null where it has not begun. */
  readonly position: string | null;
  /** How old its knowledge was, in milliseconds. */
  readonly ageMs: number | null;
}

/** The HTTP status with which your API answers its caller. `STALE` means "not now": send `Retry-After` with it. */
export const statusOf = (code: VerdictCode): (typeof statuses)[VerdictCode] => statuses[code];

/** Whether what was answered is a verdict: anything else must never count as one. */
export const isVerdict = (answer: unknown): answer is Verdict => {
  if (typeof answer !== 'object' || answer === null) return false;
  const { valid, code, position } = answer as Record<string, unknown>;
  const known = typeof code === 'string' && Object.hasOwn(statuses, code) && valid === (code === 'VALID');
  return known && (typeof position === 'string' || position === null);
};
