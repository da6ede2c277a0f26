export { auditProjection } from './audit-projection.js';
export { AuditModule } from './audit.module.js';
