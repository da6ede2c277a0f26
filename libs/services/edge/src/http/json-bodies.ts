import type { Answer } from '../operation/call.js';
import { Problem } from '../operation/problem.js';

export const MAX_BODY_BYTES = 256 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });

const malformed = (what: string): Problem => new Problem('malformed-request', `The body is not ${what}.`);

const decode = (body: Buffer): string => {
  try {
    return utf8.decode(body);
  } catch {
    throw malformed('valid UTF-8');
  }
};

/**
 * JSON as RFC 8259 has it. A member `__proto__` becomes one like any other and changes no object's kind: who reads the
 * value refuses it as a field that is not known. Nobody may assign members to another object before.
 */
export const parseJson = (body: Buffer): unknown => {
  const text = decode(body);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed('valid JSON');
  }
};

/** What travels beside the body of an answer. */
export const answerHeaders = ({ position, revision, replayed }: Answer<unknown>): Readonly<Record<string, string>> => ({
  'keyledger-position': position,
  ...(revision === undefined ? {} : { etag: `"${revision}"` }),
  ...(replayed ? { 'idempotent-replayed': 'true' } : {}),
});
