export { auditProjection } from './audit-projection.js';
export { audit } from './audit.module.js';
