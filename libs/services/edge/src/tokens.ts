/** What makes tokens of the local issuer, without the doors: those take seconds to load. */
export { SUBJECT } from './access/claims.js';
export { findLocalIssuer, issueToken } from './access/local-issuer.js';
export { mayHoldAll, roles, type Role } from './access/principal.js';
export { parseConfig } from './settings/config.js';
export { duration } from './settings/setting.js';
