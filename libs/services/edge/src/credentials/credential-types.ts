/** Injection token of the credential types in force: a ReadonlyMap of CredentialType by name. */
export const CREDENTIAL_TYPES = Symbol('credential types');
