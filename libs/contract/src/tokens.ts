// What a token looks like, and whether it can be one. Plain ECMAScript without an import: it runs as it is in a browser
// and in a leak scanner, without a server of ours. docs/token-formats.md says the same in words.

/** What the prefix of a credential type may be: it stands before the last underscore of a token. */
export const PREFIX_PATTERN = /^[a-z][a-z0-9_]{0,31}$/;

/** `<prefix>_<43 base62><6 base62>`: 32 random bytes, then the CRC-32 of everything before it. */
export const TOKEN_PATTERN = /^[a-z][a-z0-9_]{0,31}_[0-9A-Za-z]{49}$/;

/** `<prefix>_<22 base62>`: 16 random bytes. It is no secret and has no checksum. */
export const PUBLIC_ID_PATTERN = /^[a-z][a-z0-9_]{0,31}_[0-9A-Za-z]{22}$/;

/** `whsec_<48 base64>`: 32 random bytes and their CRC-32. Any Standard Webhooks library takes it as it is. */
export const WEBHOOK_SECRET_PATTERN = /^whsec_[0-9A-Za-z+/]{48}$/;

/** The form of each field of a secret, of the types that are built in. */
export const tokenPatterns = {
  clientId: /^kci_[0-9A-Za-z]{22}$/,
  clientSecret: /^kcs_[0-9A-Za-z]{49}$/,
  authToken: /^kat_[0-9A-Za-z]{49}$/,
  privateSalt: WEBHOOK_SECRET_PATTERN,
  key: /^key_(?:test|live)_[0-9A-Za-z]{49}$/,
  sharedKey: /^kps_[0-9A-Za-z]{22}$/,
  secretKey: /^kpk_[0-9A-Za-z]{49}$/,
  secret: WEBHOOK_SECRET_PATTERN,
} as const;

const CHECKSUM_DIGITS = 6;
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const crcOfByte = (byte: number): number => {
  let register = byte;
  for (let bit = 0; bit < 8; bit += 1) register = register & 1 ? (register >>> 1) ^ 0xedb88320 : register >>> 1;
  return register;
};
const CRC_TABLE = Array.from({ length: 256 }, (_, byte) => crcOfByte(byte));

/** CRC-32/ISO-HDLC, as in zlib. */
const crc32 = (bytes: readonly number[]): number => {
  let register = 0xffffffff;
  for (const byte of bytes) register = (register >>> 8) ^ (CRC_TABLE[(register ^ byte) & 0xff] ?? 0);
  return (register ^ 0xffffffff) >>> 0;
};

/** The digits as one big-endian number: for no more of them than a number holds exactly. */
const readDigits = (digits: string, alphabet: string): number =>
  [...digits].reduce((number, digit) => number * alphabet.length + alphabet.indexOf(digit), 0);

/** Four characters of base64 are three bytes. */
const decodeBase64 = (text: string): readonly number[] =>
  (text.match(/.{4}/g) ?? []).flatMap((four) => {
    const three = readDigits(four, BASE64);
    return [three >>> 16, (three >>> 8) & 0xff, three & 0xff];
  });

/** Whether the text can be a token at all: shape and checksum. It refuses every typo of one character. */
export const isWellFormedToken = (text: string): boolean => {
  if (!TOKEN_PATTERN.test(text)) return false;
  const bytes = [...text.slice(0, -CHECKSUM_DIGITS)].map((character) => character.charCodeAt(0));
  return readDigits(text.slice(-CHECKSUM_DIGITS), BASE62) === crc32(bytes);
};

/** The same for a webhook secret. */
export const isWellFormedWebhookSecret = (text: string): boolean => {
  if (!WEBHOOK_SECRET_PATTERN.test(text)) return false;
  const bytes = decodeBase64(text.slice('whsec_'.length));
  const checksum = bytes.slice(32).reduce((number, byte) => number * 256 + byte, 0);
  return checksum === crc32(bytes.slice(0, 32));
};
