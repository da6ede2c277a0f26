export { verification } from './verification.module.js';
export { verificationProjection } from './verification-projection.js';
