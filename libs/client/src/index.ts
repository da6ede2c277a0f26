export { readCredential, type RequestHeaders } from './read-credential.js';
export { createVerifier, type Verifier, type VerifierOptions } from './verifier.js';
export { VerifierError, type VerifierErrorReason } from './verifier-error.js';
export {
  statusOf,
  type PresentedCredential,
  type Verdict,
  type VerdictCode,
  type VerifyRequest,
} from './verification.js';
