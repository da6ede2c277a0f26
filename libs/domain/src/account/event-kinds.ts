import type { AccountEvent, ApplicationEvent, CredentialLifeEvent, IssuedSecret } from './events.js';

/** Events after which a credential has a new secret. */
export type SecretIssued = Extract<AccountEvent, IssuedSecret>;
type NamingCredential = Extract<AccountEvent, { credentialId: string }>;

/** The compiler holds each list to its events: one that is missing, or too many, is an error. */
type TypesOf<E extends AccountEvent> = Readonly<Record<E['type'], true>>;

const applicationEvents: TypesOf<ApplicationEvent> = {
  ApplicationRegistered: true,
  ApplicationChanged: true,
  ApplicationEndpointsChanged: true,
  ApplicationDeleted: true,
};

const secretsIssued: TypesOf<SecretIssued> = {
  CredentialCreated: true,
  CredentialRotated: true,
  AuthTokenRefreshed: true,
};

const credentialEvents: TypesOf<CredentialLifeEvent> = {
  ...secretsIssued,
  CredentialChanged: true,
  RotationExtended: true,
  RotationFinished: true,
  RotationCancelled: true,
  CredentialSuspended: true,
  CredentialResumed: true,
  CredentialRevoked: true,
  CredentialDeleted: true,
  SecretAcknowledged: true,
  SecretRevealed: true,
  WebhookSecretAssigned: true,
};

const namingCredential: TypesOf<NamingCredential> = {
  ...credentialEvents,
  ApiAccessEnabled: true,
  ApiAccessDisabled: true,
};

const isOneOf =
  <E extends AccountEvent>(types: TypesOf<E>) =>
  (event: { readonly type: string }): event is E =>
    Object.hasOwn(types, event.type);

export const issuesSecret = isOneOf<SecretIssued>(secretsIssued);
export const isCredentialEvent = isOneOf<CredentialLifeEvent>(credentialEvents);
const isApplicationEvent = isOneOf<ApplicationEvent>(applicationEvents);
const namesCredential = isOneOf<NamingCredential>(namingCredential);

/** The credential that any event is about; undefined if it is about none. */
export const credentialIdOf = (event: { readonly type: string }): string | undefined =>
  namesCredential(event) ? event.credentialId : undefined;

/** The application whose resource an event changes; undefined if it changes none. */
export const applicationIdOf = (event: { readonly type: string }): string | undefined =>
  isApplicationEvent(event) ? event.applicationId : undefined;
