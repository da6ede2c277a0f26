export { deletionPhrases, type DeletionPhrases, type DeletionSubject } from './deletion-phrase.js';
export { digestSecret, verifyDigest, type Pepper, type SecretDigest } from './digests.js';
export { openKeyring, WrongMasterKey, type KeyedRequest, type Keyring } from './keyring.js';
export { RetainedSecrets, type RetainedSecret, type SecretPlace } from './retained-secrets.js';
export { open, seal, SealBroken } from './seals.js';
export * from './token-formats.js';
