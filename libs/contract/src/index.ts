export type { CredentialType } from '@keyledger/domain';
export * from './problem-codes.js';
export type * from './resources.js';
