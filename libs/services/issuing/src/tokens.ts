/** Injection token of the installation's keys. */
export const KEYRING = Symbol('keyring');
