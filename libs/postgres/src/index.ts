export * from './errors.js';
export { advisoryKey } from './lock-key.js';
