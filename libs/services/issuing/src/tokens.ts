/** Injection token of the credential types in force: built in and configured, by name. */
export const CREDENTIAL_TYPES = Symbol('credential types');
