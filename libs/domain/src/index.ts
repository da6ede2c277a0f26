export type * from './account/account-commands.js';
export * from './account/account-state.js';
export {
  applicationIdOf,
  credentialIdOf,
  environments,
  issuesSecret,
  pick,
  requestedFacts,
  webhookEndpointIdOf,
} from './account/events.js';
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
} from './account/credential-status.js';
export type { CredentialType } from './types/credential-type.js';
export { requireDeletable } from './account/decide-credential.js';
export { decide, takesAccessAway } from './account/decide.js';
export type { Decision, DecisionContext } from './account/decision.js';
export { evolve, evolveAccountFacts, evolveApplication } from './account/evolve.js';
export { credentialsTouched, evolveCredential } from './account/evolve-credential.js';
export { evolveWebhookEndpoint } from './account/evolve-webhook-endpoint.js';
export * from './ids.js';
export * from './keyed.js';
export { matchesType, messageTypeSource } from './account/matches-type.js';
export * from './rejection.js';
export * from './account/snapshot.js';
export * from './account/webhook-endpoint-events.js';
export {
  decodeEvent,
  encodeEvent,
  firstEvent,
  newEvent,
  readEvent,
  storedEventVersions,
  type Cause,
  type EventMetadata,
  type ReadEvent,
} from './stored/recorded-event.js';
export {
  isAccountEvent,
  isCaused,
  type AuditTrailRead,
  type CausedEvent,
  type LogCreated,
  type StoredEvent,
  type StoredEventType,
} from './stored/stored-forms.js';
