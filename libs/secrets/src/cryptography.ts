import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto';

const framed = (text: string): Buffer => {
  // UTF-16, because UTF-8 would turn different unpaired surrogates into the same replacement character.
  const bytes = Buffer.from(text, 'utf16le');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** One byte string for a list of texts. Each is preceded by its length, so different lists never read the same. */
export const frame = (texts: readonly string[]): Buffer => Buffer.concat(texts.map(framed));

export const KEY_BYTES = 32;
const SALT = 'keyledger';

/** What a derived key is for. A label never changes: it would lose what was sealed under it. */
type Purpose = 'master-key-check' | 'peppers' | 'retained-secrets' | 'deletion-phrases' | 'prepared-commands';

/**
 * A key of its own for each purpose and context: HKDF-SHA-256 (RFC 5869) of the master key. The info is hashed first,
 * because Node limits it to 1,024 bytes and a context may be longer.
 */
export const deriveKey = (masterKey: KeyObject, purpose: Purpose, context: readonly string[] = []): KeyObject => {
  const info = createHash('sha256')
    .update(frame([purpose, ...context]))
    .digest();
  return createSecretKey(Buffer.from(hkdfSync('sha256', masterKey, SALT, info, KEY_BYTES)));
};

/** A server-side key of secret digests. Without it, digests in events tell nothing about a secret. */
export interface Pepper {
  readonly version: number;
  readonly key: KeyObject;
}

/** HMAC-SHA-256 of a secret in base64url, and the version of the pepper it was made with. */
export interface SecretDigest {
  readonly value: string;
  readonly pepperVersion: number;
}

/** The 32 bytes of HMAC-SHA-256 by which a secret is recognised. */
export const digestBytes = (secret: string, pepper: Pepper): Buffer =>
  createHmac('sha256', pepper.key).update(secret).digest();

export const digestSecret = (secret: string, pepper: Pepper): SecretDigest => ({
  value: digestBytes(secret, pepper).toString('base64url'),
  pepperVersion: pepper.version,
});

/** Whether `digest` is that of `secret` under `pepper`. Takes the same time wherever the two differ. */
export const verifyDigest = (secret: string, pepper: Pepper, digest: SecretDigest): boolean => {
  const actual = digestBytes(secret, pepper);
  const expected = Buffer.from(digest.value, 'base64url');
  return (
    digest.pepperVersion === pepper.version && expected.length === actual.length && timingSafeEqual(actual, expected)
  );
};

const ALGORITHM = 'aes-256-gcm';
const VERSION = Buffer.from([1]);
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const NONCE_AT = VERSION.length;
const TAG_AT = NONCE_AT + NONCE_BYTES;
const CIPHERTEXT_AT = TAG_AT + TAG_BYTES;

/** A sealed value that does not open. Nothing of it is known, so the message names no content. */
export class SealBroken extends Error {
  constructor() {
    super('A sealed value does not open: it was altered, or sealed with another key or for another place.');
    this.name = 'SealBroken';
  }
}

/**
 * Encrypts `plaintext` with AES-256-GCM (NIST SP 800-38D): version byte, nonce, tag, ciphertext. `associatedData` says
 * what the value belongs to; it is not stored, and only the same list opens the seal. Nonces are random, so one key
 * may seal at most 2^32 values.
 */
export const seal = (key: KeyObject, plaintext: string, associatedData: readonly string[]): Buffer => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(frame(associatedData));
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  return Buffer.concat([VERSION, nonce, cipher.getAuthTag(), ciphertext]);
};

/** The plaintext of a seal. Throws SealBroken unless key, associated data and every bit are the original ones. */
export const open = (key: KeyObject, sealed: Buffer, associatedData: readonly string[]): string => {
  if (sealed.length < CIPHERTEXT_AT || !sealed.subarray(0, NONCE_AT).equals(VERSION)) throw new SealBroken();
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(NONCE_AT, TAG_AT), { authTagLength: TAG_BYTES })
    .setAAD(frame(associatedData))
    .setAuthTag(sealed.subarray(TAG_AT, CIPHERTEXT_AT));
  const plaintext = decipher.update(sealed.subarray(CIPHERTEXT_AT));
  try {
    return Buffer.concat([plaintext, decipher.final()]).toString('utf8');
  } catch {
    throw new SealBroken();
  }
};
