export type * from './account/account-commands.js';
export * from './account/account-state.js';
export {
  requestedFacts,
  type CredentialFacts,
  type Environment,
  type Mode,
  type RequestedFacts,
} from './account/credential-facts.js';
export { applicationIdOf, credentialIdOf, issuesSecret, type SecretIssued } from './account/events.js';
export type * from './account/events.js';
export { builtInTypes } from './types/built-in-types.js';
export * from './catalogue.js';
export type { Change } from './changes.js';
export {
  currentVersion,
  newestVersionNumber,
  rotationDueAt,
  statusAt,
  versionStateAt,
  type CredentialStatus,
  type VersionState,
} from './account/credential-status.js';
export type { CredentialType } from './types/credential-type.js';
export { decide, takesAccessAway } from './account/decide.js';
export type { Decision, DecisionContext } from './account/decision.js';
export { evolve, evolveAccountFacts, evolveApplication } from './account/evolve.js';
export { credentialsTouched, evolveCredential } from './account/evolve-credential.js';
export * from './ids.js';
export * from './keyed.js';
export * from './rejection.js';
export * from './account/snapshot.js';
export { firstEvent } from './stored/first-event.js';
export type { Cause, EventMetadata } from './stored/metadata.js';
export { newEvent, readEvent, type ReadEvent } from './stored/recorded-event.js';
export { decodeEvent, encodeEvent, storedEventVersions, type EncodedEvent } from './stored/stored-events.js';
export {
  isAccountEvent,
  isCaused,
  type AuditTrailRead,
  type CausedEvent,
  type LogCreated,
  type StoredEvent,
  type StoredEventType,
} from './stored/stored-forms.js';
export * from './stored/streams.js';
