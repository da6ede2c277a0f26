/** What a problem says of itself whatever the occasion: its HTTP status, and a title that never changes (RFC 9457). */
interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

/** Every reason for which a request can fail: a closed list, so that callers can branch on the code. */
export const problemCodes = {
  'malformed-request': { status: 400, title: 'The request cannot be decoded' },
  unauthenticated: { status: 401, title: 'Authentication is required' },
  forbidden: { status: 403, title: 'This is not allowed' },
  'not-found': { status: 404, title: 'There is no such resource' },
  'method-not-allowed': { status: 405, title: 'The resource does not support this method' },
  'name-taken': { status: 409, title: 'The name is taken' },
  'external-id-taken': { status: 409, title: 'The external id is taken' },
  'limit-reached': { status: 409, title: 'The account holds as many as it may' },
  'plan-does-not-allow': { status: 409, title: 'The plan of the account does not allow this' },
  'not-supported-by-type': { status: 409, title: 'The credential type does not support this' },
  'webhook-signer-in-use': { status: 409, title: 'The credential signs the webhooks of the account' },
  'may-not-sign': { status: 409, title: 'The credential may not sign webhooks' },
  'no-webhook-signer': { status: 409, title: 'The account has no webhook signer' },
  'api-access-already-enabled': { status: 409, title: 'API access is enabled already' },
  'api-access-disabled': { status: 409, title: 'API access is disabled' },
  'webhook-endpoint-disabled': { status: 409, title: 'The webhook endpoint is disabled' },
  'account-suspended': { status: 409, title: 'The account is suspended' },
  'application-in-use': { status: 409, title: 'The application has key pairs' },
  'credential-revoked': { status: 409, title: 'The credential is revoked' },
  'credential-expired': { status: 409, title: 'The credential is expired' },
  'credential-still-valid': { status: 409, title: 'The credential is neither revoked nor expired' },
  'rotation-in-progress': { status: 409, title: 'A rotation is in progress' },
  'no-rotation-in-progress': { status: 409, title: 'No rotation is in progress' },
  'revision-mismatch': { status: 412, title: 'The resource has changed' },
  'too-large': { status: 413, title: 'The request is too large' },
  'unsupported-media-type': { status: 415, title: 'The media type is not supported' },
  'invalid-request': { status: 422, title: 'The request is invalid' },
  'unknown-credential-type': { status: 422, title: 'There is no such credential type' },
  'unknown-endpoint': { status: 422, title: 'There is no such API endpoint' },
  'confirmation-mismatch': { status: 422, title: 'The confirmation does not match' },
  'idempotency-key-reused': { status: 422, title: 'The idempotency key belongs to another request' },
  'position-of-another-log': { status: 422, title: 'The position belongs to another log' },
  'too-busy': { status: 429, title: 'Too many requests are waiting' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  'position-not-reached': { status: 503, title: 'What is known is not fresh enough yet' },
  'outcome-unknown': { status: 503, title: 'The outcome is unknown' },
  'log-unavailable': { status: 503, title: 'The log is unavailable' },
  'log-replaced': { status: 503, title: 'The log was replaced' },
  'read-only': { status: 503, title: 'Writes are paused' },
  'clock-skew': { status: 503, title: 'The clock is behind the log' },
  'storage-full': { status: 503, title: 'The storage is full' },
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemCode = keyof typeof problemCodes;
type ProblemStatus = (typeof problemCodes)[ProblemCode]['status'];

/** Numbers of google.rpc.Code, which gRPC fixes; written out so that the contract needs no gRPC library. */
const grpcStatusByHttpStatus: Readonly<Record<ProblemStatus, number>> = {
  400: 3, // INVALID_ARGUMENT
  401: 16, // UNAUTHENTICATED
  403: 7, // PERMISSION_DENIED
  404: 5, // NOT_FOUND
  405: 12, // UNIMPLEMENTED, as gRPC itself says of a method that it does not have.
  409: 9, // FAILED_PRECONDITION
  412: 10, // ABORTED
  413: 8, // RESOURCE_EXHAUSTED
  415: 3, // INVALID_ARGUMENT
  422: 3, // INVALID_ARGUMENT
  429: 8, // RESOURCE_EXHAUSTED
  500: 13, // INTERNAL
  503: 14, // UNAVAILABLE
};

const ALREADY_EXISTS = 6;

/** The gRPC status (number of google.rpc.Code) that a problem has where HTTP answers with its `status`. */
export const grpcStatusOf = (code: ProblemCode): number =>
  code === 'name-taken' || code === 'external-id-taken'
    ? ALREADY_EXISTS
    : grpcStatusByHttpStatus[problemCodes[code].status];
