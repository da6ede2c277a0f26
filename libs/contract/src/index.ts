export type * from './credential-type.js';
export * from './problem-codes.js';
export type * from './replies.js';
export type * from './resources.js';
