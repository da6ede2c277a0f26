import type { components } from '../api/generated/schema.js';

export type Verdict = components['schemas']['Verdict'];
type Rule = NonNullable<Verdict['rules']>[number];

const verdicts: Readonly<Record<Verdict['code'], string>> = {
  VALID: 'Accepted',
  MALFORMED: 'Malformed',
  NOT_FOUND: 'Not found',
  API_DISABLED: 'API access is off',
  REVOKED: 'Revoked',
  SUSPENDED: 'Suspended',
  EXPIRED: 'Expired',
  IP_NOT_ALLOWED: 'Address not allowed',
  ENDPOINT_NOT_CONNECTED: 'Endpoint not connected',
  INSUFFICIENT_SCOPE: 'Scope missing',
  STALE: 'Too little known',
};

/** A verdict in words. A code of a later version is shown as it is. */
export const verdictInWords = (code: string): string => verdicts[code as Verdict['code']] ?? code;

interface RuleWords {
  readonly passed: string;
  readonly failed: string;
  /** Where it does not concern the credential, or nothing was asked. */
  readonly notAsked?: string;
}

const rules: Readonly<Record<Rule['rule'], RuleWords>> = {
  MALFORMED: {
    passed: 'Its form and its checksum are right.',
    failed: 'Its form or its checksum is wrong: a part is missing, or it is of another kind.',
  },
  NOT_FOUND: {
    passed: 'It is a secret that is valid now.',
    failed: 'It is no secret that is valid now: it is wrong, it has ended, or its credential was deleted.',
  },
  API_DISABLED: { passed: 'API access is not off for it.', failed: 'API access of its account is off.' },
  REVOKED: { passed: 'It is not revoked.', failed: 'It is revoked, for good.' },
  SUSPENDED: { passed: 'Neither it nor its account is suspended.', failed: 'It or its account is suspended.' },
  EXPIRED: { passed: 'It has not expired.', failed: 'It has expired.' },
  IP_NOT_ALLOWED: {
    passed: 'The address is on the IP allow-list.',
    failed: 'The address is not on the IP allow-list, or none was given.',
    notAsked: 'No IP allow-list binds it.',
  },
  ENDPOINT_NOT_CONNECTED: {
    passed: 'The endpoint is connected to its app.',
    failed: 'The endpoint is not connected to its app, or is not in the catalogue.',
    notAsked: 'No endpoint was asked about, or none binds it.',
  },
  INSUFFICIENT_SCOPE: {
    passed: 'It has every scope that was asked about.',
    failed: 'It lacks a scope that was asked about.',
    notAsked: 'No scope was asked about.',
  },
};

/** The outcome of a rule in words. Once no credential is found nothing else can be asked. */
export const ruleInWords = ({ rule, outcome }: Rule, isFound: boolean): string => {
  const { passed, failed, notAsked } = rules[rule];
  if (outcome === 'passed') return passed;
  if (outcome === 'failed') return failed;
  return isFound && notAsked !== undefined ? notAsked : `${verdictInWords(rule)}: not checked.`;
};
