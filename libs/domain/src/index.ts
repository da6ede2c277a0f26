export type * from './account-commands.js';
export type * from './account-events.js';
export * from './account-state.js';
export { builtInTypes } from './built-in-types.js';
export * from './catalogue.js';
export type * from './credential-events.js';
export {
  currentVersion,
  newestVersionNumber,
  rotationDueAt,
  statusAt,
  versionStateAt,
  type CredentialStatus,
  type VersionState,
} from './credential-status.js';
export type { CredentialType } from './credential-type.js';
export { decide } from './decide.js';
export type { Decision, DecisionContext } from './decision.js';
export { evolve } from './evolve.js';
export { evolveAccountFacts } from './evolve-account-facts.js';
export { applicationTouched, evolveApplication } from './evolve-application.js';
export { credentialsTouched, evolveCredential } from './evolve-credential.js';
export * from './keyed.js';
export * from './rejection.js';
export * from './snapshot.js';
export { decodeEvent, encodeEvent, isAccountEvent, storedEventVersions, type EncodedEvent } from './stored-events.js';
export type { AuditTrailRead, LogCreated, StoredEvent, StoredEventType } from './stored-forms.js';
