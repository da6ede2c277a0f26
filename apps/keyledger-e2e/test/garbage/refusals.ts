import { grpcStatusOf, problemCodes, type ProblemCode } from '@keyledger/contract';
import { RpcError } from '../harness/grpc-client.js';
import type { RawHttpReply } from '../harness/raw-http.js';

const isCode = (code: unknown): code is ProblemCode => typeof code === 'string' && Object.hasOwn(problemCodes, code);

/** Faults of ours: no input may lead to them. The other 503s say that the caller should come back later. */
const faults: ReadonlySet<string> = new Set<ProblemCode>([
  'internal',
  'log-unavailable',
  'outcome-unknown',
  'clock-skew',
]);

const members = ['type', 'title', 'status', 'detail', 'code', 'errors'];

/** Throws unless the reply is a problem as the contract has it (RFC 9457), and none that is our fault. */
export const checkProblem = ({ status, headers, text }: RawHttpReply): void => {
  const mediaType = headers['content-type']?.split(';')[0];
  if (mediaType !== 'application/problem+json') throw new Error(`A ${status} as ${mediaType}: ${text}`);
  const problem = JSON.parse(text) as Record<string, unknown>;
  const { code, errors } = problem;
  if (!isCode(code) || faults.has(code)) throw new Error(`The code ${String(code)} with ${status}: ${text}`);
  expect(Object.keys(problem).sort()).toEqual([...members].sort());
  expect(problem).toMatchObject({ type: `urn:keyledger:problem:${code}`, status: problemCodes[code].status });
  expect(status).toBe(problemCodes[code].status);
  for (const error of errors as unknown[]) {
    expect(error).toEqual({ field: expect.any(String) as string, message: expect.any(String) as string });
  }
};

/** Throws unless the RPC was refused as the contract has it, and not by our fault. */
export const checkRpcError = (error: unknown): void => {
  if (!(error instanceof RpcError)) throw error;
  const code = error.reason?.toLowerCase().replaceAll('_', '-');
  if (!isCode(code) || faults.has(code)) throw new Error(`The reason ${error.reason} with ${error.message}`);
  expect({ domain: error.domain, number: error.number }).toEqual({ domain: 'keyledger', number: grpcStatusOf(code) });
};
