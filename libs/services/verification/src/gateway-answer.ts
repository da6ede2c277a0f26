import { Problem } from '@keyledger/edge';
import type { VerdictCode } from '@keyledger/verdict';
import type { VerifiedFacts } from './verifier.js';
import type { Said } from './verification.js';

/** What a gateway is told to answer its client with, and why. */
const ANSWERS: Readonly<Record<VerdictCode | 'STALE', readonly [status: 200 | 401 | 403 | 503, why: string]>> = {
  VALID: [200, ''],
  MALFORMED: [401, 'send one credential, in one of the headers that it is made for, as it was issued'],
  NOT_FOUND: [401, 'there is no such credential'],
  API_DISABLED: [401, 'the API access of the account is disabled'],
  REVOKED: [401, 'the credential is revoked'],
  SUSPENDED: [401, 'the credential or its account is suspended'],
  EXPIRED: [401, 'the credential is expired'],
  IP_NOT_ALLOWED: [403, 'the credential may not be used from this address'],
  ENDPOINT_NOT_CONNECTED: [403, 'the credential is not connected to this endpoint'],
  INSUFFICIENT_SCOPE: [403, 'the credential lacks a scope'],
  STALE: [503, 'it is not known well enough now what may be used; try again'],
};

/** In the order in which they are asked, `VALID` first. */
export const verdictCodes = Object.keys(ANSWERS);

const factHeaders = (facts: VerifiedFacts): Readonly<Record<string, string | number | null>> => ({
  'x-keyledger-account-id': facts.accountId,
  'x-keyledger-application-id': facts.applicationId,
  'x-keyledger-credential-id': facts.credentialId,
  'x-keyledger-version': facts.version,
  'x-keyledger-type': facts.type,
  'x-keyledger-mode': facts.mode,
  'x-keyledger-environment': facts.environment,
  'x-keyledger-scopes': facts.scopes.length === 0 ? null : facts.scopes.join(' '),
});

/** What is known of the credential, for the service behind the gateway. What is null is left out. */
export const verdictHeaders = ({ code, facts }: Said): Readonly<Record<string, string>> => {
  const told = facts === null ? [] : Object.entries(factHeaders(facts)).filter(([, value]) => value !== null);
  return { 'x-keyledger-code': code, ...Object.fromEntries(told.map(([name, value]) => [name, String(value)])) };
};

const PREFIX = 'x-keyledger-';

/** What headers tell, by their names behind the prefix. */
export const toldInHeaders = [
  ...(['code', 'account-id', 'application-id', 'credential-id', 'version'] as const),
  ...(['type', 'mode', 'environment', 'scopes'] as const),
] as const;

const known = [...toldInHeaders, 'token'].map((name) => PREFIX + name);

/** Headers that only a client can have sent, among `sent` and those that a verdict may have: none may get through. */
export const foreignHeaders = (said: Said, sent: Iterable<string>): readonly string[] => {
  const ours = verdictHeaders(said);
  const names = [...known, ...[...sent].filter((name) => name.startsWith(PREFIX))];
  return [...new Set(names)].filter((name) => !Object.hasOwn(ours, name));
};

const problems = { 401: 'unauthenticated', 403: 'forbidden', 503: 'position-not-reached' } as const;

/** The refusal that a verdict is to a gateway's client; undefined for a valid credential. */
export const refusalOf = (said: Said): Problem | undefined => {
  const [status, why] = ANSWERS[said.code];
  if (status === 200) return undefined;
  const headers = {
    ...verdictHeaders(said),
    ...(status === 401 ? { 'WWW-Authenticate': 'Bearer realm="api"' } : {}),
    ...(status === 503 ? { 'Retry-After': '1' } : {}),
  };
  return new Problem(problems[status], `${said.code}: ${why}.`, [], headers);
};
