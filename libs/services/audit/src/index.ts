export { auditProjection } from './audit-projection.js';
export { audit } from './audit.module.js';
export type { LostEvents, ValidAgain } from './lost-events.js';
