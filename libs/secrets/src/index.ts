export { deletionPhrases, type DeletionPhrases, type DeletionSubject } from './deletion-phrase.js';
export {
  digestBytes,
  digestSecret,
  open,
  seal,
  SealBroken,
  verifyDigest,
  type Pepper,
  type SecretDigest,
} from './cryptography.js';
export type { KeyedRequest, Keyring } from './keyring.js';
export { LogBinding, WrongLog } from './log-binding.js';
export { openLogBinding, openSecrets, WrongMasterKey, type Secrets } from './open-secrets.js';
export { RetainedSecrets, type RetainedSecret, type SecretPlace } from './retained-secrets.js';
export {
  generatePublicId,
  generateToken,
  generateWebhookSecret,
  holdsSecret,
  isWellFormedToken,
  isWellFormedWebhookSecret,
  mask,
  withSecretsMasked,
} from './token-formats.js';
