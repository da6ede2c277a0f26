import type { VerifiedFacts } from './verifier.js';
import type { Said } from './verification.js';

/** A verdict in the form of the HTTP API. */
export const verdictBody = ({ code, facts, position, ageMs }: Said): object => ({
  valid: code === 'VALID',
  code,
  ...(facts ?? nothingKnown),
  position,
  ageMs,
});

const nothingKnown: { readonly [K in keyof VerifiedFacts]: VerifiedFacts[K] | null } = {
  accountId: null,
  applicationId: null,
  credentialId: null,
  version: null,
  type: null,
  mode: null,
  environment: null,
  scopes: [],
  expiresAt: null,
};
