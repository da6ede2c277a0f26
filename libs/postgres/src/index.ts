export * from './errors.js';
export { Group } from './group.js';
export { advisoryKey, alone, lockUntilCommit, takeSessionLock } from './locks.js';
export { openPool } from './pool.js';
export { inLockedTransaction, inTransaction, transactionOn } from './transaction.js';
