export { CredentialIndex } from './credential-index.js';
export { loadSnapshot } from './load-snapshot.js';
export { presentFields } from './presented.js';
export { credentialsIn, evolveVerifiable, type VerifiableCredential } from './verifiable.js';
export { verification } from './verification.module.js';
export { credentialRows, verificationProjection } from './verification-projection.js';
export { Verifier } from './verifier.js';
