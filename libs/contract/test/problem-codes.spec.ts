import { grpcStatusOf, problemCodes, type ProblemCode } from '../src/index.js';

/** The published list: HTTP status, gRPC status and codes. Clients branch on these, so a change here breaks them. */
const published: readonly (readonly [http: number, grpc: number, codes: readonly string[]])[] = [
  [400, 3, ['malformed-request']],
  [401, 16, ['unauthenticated']],
  [403, 7, ['forbidden']],
  [404, 5, ['not-found']],
  [405, 12, ['method-not-allowed']],
  [409, 6, ['name-taken', 'external-id-taken']],
  [
    409,
    9,
    [
      ...['limit-reached', 'plan-does-not-allow', 'not-supported-by-type', 'webhook-signer-in-use', 'may-not-sign'],
      ...[
        'api-access-already-enabled',
        'api-access-disabled',
        'webhook-endpoint-disabled',
        'account-suspended',
        'application-in-use',
      ],
      ...['credential-revoked', 'credential-expired', 'credential-still-valid', 'no-webhook-signer'],
      ...['rotation-in-progress', 'no-rotation-in-progress'],
    ],
  ],
  [412, 10, ['revision-mismatch']],
  [413, 8, ['too-large']],
  [415, 3, ['unsupported-media-type']],
  [
    422,
    3,
    [
      ...['invalid-request', 'unknown-credential-type', 'unknown-endpoint', 'confirmation-mismatch'],
      ...['idempotency-key-reused', 'position-of-another-log'],
    ],
  ],
  [429, 8, ['too-busy', 'too-many-requests']],
  [500, 13, ['internal']],
  [
    503,
    14,
    [
      ...['position-not-reached', 'outcome-unknown', 'log-unavailable', 'log-replaced', 'read-only', 'clock-skew'],
      'storage-full',
    ],
  ],
];

const expected = published.flatMap(([http, grpc, codes]) => codes.map((code) => ({ code, http, grpc })));
const actual = Object.entries(problemCodes).map(([code, { status }]) => ({
  code,
  http: status,
  grpc: grpcStatusOf(code as ProblemCode),
}));
const byCode = (a: { code: string }, b: { code: string }): number => (a.code < b.code ? -1 : 1);

describe('problem codes', () => {
  it('are exactly the published ones, each with its HTTP and gRPC status', () => {
    expect(actual.sort(byCode)).toEqual(expected.sort(byCode));
  });

  it('have titles that tell them apart', () => {
    const titles = Object.values(problemCodes).map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });
});
