// The end of global-setup.mjs, in the same process.
export { tearDown as default } from './global-setup.mjs';
