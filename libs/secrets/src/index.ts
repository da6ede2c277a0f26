export { deletionPhrases, type DeletionPhrases, type DeletionSubject } from './deletion-phrase.js';
export { digestSecret, verifyDigest, type Pepper, type SecretDigest } from './digests.js';
export { WrongMasterKey, type KeyedRequest, type Keyring } from './keyring.js';
export { LogBinding, WrongLog } from './log-binding.js';
export { openLogBinding, openSecrets, type Secrets } from './keyring.js';
export { RetainedSecrets, type RetainedSecret, type SecretPlace } from './retained-secrets.js';
export { open, seal, SealBroken } from './seals.js';
export {
  generatePublicId,
  generateToken,
  generateWebhookSecret,
  isWellFormedToken,
  isWellFormedWebhookSecret,
  mask,
  PREFIX_PATTERN,
  PUBLIC_ID_PATTERN,
  TOKEN_PATTERN,
  WEBHOOK_SECRET_PATTERN,
} from './token-formats.js';
