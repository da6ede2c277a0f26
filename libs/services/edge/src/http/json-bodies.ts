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

/** What the body of a request was parsed from, for as long as that is there. */
const sources = new WeakMap<object, string>();

export const sourceOf = (parsed: object): string | undefined => sources.get(parsed);

/**
 * JSON as RFC 8259 has it. A member `__proto__` becomes one like any other and changes no object's kind: who reads the
 * value refuses it as a field that is not known. Nobody may assign members to another object before.
 */
export const parseJson = (body: Buffer): unknown => parse(decode(body));

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw malformed('valid JSON');
  }
};

/** As parseJson, for who may ask for the source. */
export const parseJsonWithSource = (body: Buffer): unknown => {
  const text = decode(body);
  const parsed = parse(text);
  if (typeof parsed === 'object' && parsed !== null) sources.set(parsed, text);
  return parsed;
};

/** What travels beside the body of an answer. */
export const answerHeaders = ({ position, revision, replayed }: Answer<unknown>): Readonly<Record<string, string>> => ({
  'keyledger-position': position,
  ...(revision === undefined ? {} : { etag: `"${revision}"` }),
  ...(replayed ? { 'idempotent-replayed': 'true' } : {}),
});
