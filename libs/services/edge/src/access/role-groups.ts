import type { Role } from './principal.js';

/** Who may do what, as the operations name it. */
export const operators: readonly Role[] = ['operator'];
export const owners: readonly Role[] = ['operator', 'owner'];
export const keyManagers: readonly Role[] = ['operator', 'owner', 'key-manager'];
export const readers: readonly Role[] = ['operator', 'owner', 'key-manager', 'viewer', 'auditor'];
export const auditReaders: readonly Role[] = ['operator', 'owner', 'auditor'];
