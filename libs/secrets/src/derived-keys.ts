import { createHash, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

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
