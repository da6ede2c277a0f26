export type { CredentialType } from '@keyledger/domain';
export * from './problem-codes.js';
export * from './public-events.js';
export type { Schema } from './json-schema.js';
export type * from './resources.js';
