// The end of postgres-setup.mjs, in the same process.
export { tearDown as default } from './postgres-setup.mjs';
