export { issuing } from './issuing.module.js';
export { revokeAgain } from './revoke-again.js';
