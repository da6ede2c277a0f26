import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';
import { frame } from './derived-keys.js';

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
