export type { CredentialType } from '@keyledger/domain';
export * from './async-api.js';
export * from './cloud-event.js';
export * from './event-examples.js';
export * from './notices.js';
export * from './problem-codes.js';
export * from './public-events.js';
export type { ObjectSchema, Schema } from './json-schema.js';
export type * from './resources.js';
