import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { PREFIX_PATTERN, TOKEN_PATTERN, WEBHOOK_SECRET_PATTERN } from '@keyledger/contract/tokens';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The bytes as one big-endian number in base62, padded on the left with zeros to `width` digits. */
export const base62 = (bytes: Buffer, width: number): string => {
  let rest = BigInt(`0x${bytes.toString('hex')}`);
  let digits = '';
  while (rest > 0n) {
    digits = ALPHABET.charAt(Number(rest % 62n)) + digits;
    rest /= 62n;
  }
  return digits.padStart(width, '0');
};

/** An unsigned 32-bit number in six base62 digits. Apart from `base62`, because every verification runs it. */
export const base62OfUint32 = (value: number): string => {
  let rest = value;
  let digits = '';
  for (let place = 0; place < 6; place += 1) {
    digits = ALPHABET.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
};

const SECRET_BYTES = 32;
const SECRET_DIGITS = 43;
const CHECKSUM_DIGITS = 6;
const PUBLIC_ID_BYTES = 16;
const PUBLIC_ID_DIGITS = 22;
const WEBHOOK_PREFIX = 'whsec_';

/** CRC-32/ISO-HDLC, which is what zlib computes, of the text in UTF-8. */
const checksumOf = (text: string): string => base62OfUint32(crc32(text));

const checksumBytes = (bytes: Buffer): Buffer => {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(bytes));
  return checksum;
};

const withPrefix = (prefix: string, digits: string): string => {
  if (!PREFIX_PATTERN.test(prefix)) {
    throw new RangeError(`The prefix "${prefix}" must match ${PREFIX_PATTERN.source}.`);
  }
  return `${prefix}_${digits}`;
};

/** A new secret of 256 random bits. Throws RangeError for a prefix that does not match PREFIX_PATTERN. */
export const generateToken = (prefix: string): string => {
  const unchecked = withPrefix(prefix, base62(randomBytes(SECRET_BYTES), SECRET_DIGITS));
  return unchecked + checksumOf(unchecked);
};

/** A new public id of 128 random bits. Throws RangeError for a prefix that does not match PREFIX_PATTERN. */
export const generatePublicId = (prefix: string): string =>
  withPrefix(prefix, base62(randomBytes(PUBLIC_ID_BYTES), PUBLIC_ID_DIGITS));

/** A new webhook secret of 256 random bits. */
export const generateWebhookSecret = (): string => {
  const bytes = randomBytes(SECRET_BYTES);
  return WEBHOOK_PREFIX + Buffer.concat([bytes, checksumBytes(bytes)]).toString('base64');
};

/** What the contract's check of this name says, by the CRC-32 of zlib: every verification runs it. */
export const isWellFormedToken = (text: string): boolean =>
  TOKEN_PATTERN.test(text) && text.slice(-CHECKSUM_DIGITS) === checksumOf(text.slice(0, -CHECKSUM_DIGITS));

/** The same for a webhook secret. */
export const isWellFormedWebhookSecret = (text: string): boolean => {
  if (!WEBHOOK_SECRET_PATTERN.test(text)) return false;
  const bytes = Buffer.from(text.slice(WEBHOOK_PREFIX.length), 'base64');
  return checksumBytes(bytes.subarray(0, SECRET_BYTES)).equals(bytes.subarray(SECRET_BYTES));
};

/**
 * How a generated token, public id or webhook secret is shown: its prefix, an ellipsis and the last four characters.
 * In a secret those four belong to the checksum.
 */
export const mask = (text: string): string => `${text.slice(0, text.lastIndexOf('_') + 1)}…${text.slice(-4)}`;

const LONGEST_PREFIX = 32;
const BODY_DIGITS = SECRET_DIGITS + CHECKSUM_DIGITS;
/** Where the digits of a token may begin: each underscore that enough of them follow. */
const TOKEN_BODY = new RegExp(`_(?=[0-9A-Za-z]{${BODY_DIGITS}})`, 'g');
const WEBHOOK_SECRET = /whsec_(?=[0-9A-Za-z+/]{48})/g;
const WEBHOOK_SECRET_LENGTH = WEBHOOK_PREFIX.length + 48;

/** Where a secret stands in a text. */
interface Place {
  readonly start: number;
  readonly end: number;
}

const MOST_UINT32 = 0xffff_ffff;

const numberOf = (digits: string): number =>
  Array.from(digits).reduce((sum, digit) => sum * ALPHABET.length + ALPHABET.indexOf(digit), 0);

/**
 * The token whose digits follow the underscore, wherever its prefix begins: the checksum covers the prefix too. Numbers
 * are compared first, which are quick: a long text may have a thousand such places.
 */
const tokenAround = (text: string, underscore: number): Place | undefined => {
  const end = underscore + 1 + BODY_DIGITS;
  const checksum = numberOf(text.slice(end - CHECKSUM_DIGITS, end));
  if (checksum > MOST_UINT32) return undefined;
  for (let start = underscore - 1; start >= Math.max(0, underscore - LONGEST_PREFIX); start -= 1) {
    const isLikely = crc32(text.slice(start, end - CHECKSUM_DIGITS)) === checksum;
    if (isLikely && isWellFormedToken(text.slice(start, end))) return { start, end };
  }
  return undefined;
};

/** Every token and webhook secret of ours that stands in the text as it is, whatever it touches on either side. */
const secretsIn = (text: string): readonly Place[] => {
  // Most texts of a request are shorter than any secret, and this is asked of each.
  if (text.length < BODY_DIGITS) return [];
  return [
    ...[...text.matchAll(TOKEN_BODY)].flatMap(({ index }) => tokenAround(text, index) ?? []),
    ...[...text.matchAll(WEBHOOK_SECRET)]
      .map(({ index }) => ({ start: index, end: index + WEBHOOK_SECRET_LENGTH }))
      .filter(({ start, end }) => isWellFormedWebhookSecret(text.slice(start, end))),
  ];
};

/** All that NFKD makes an underscore of: no secret is without. */
const UNDERSCORE = /[_\ufe33\ufe34\ufe4d-\ufe4f\uff3f]/;

const holdsPlainSecret = (text: string): boolean => {
  if (text.length < BODY_DIGITS || !UNDERSCORE.test(text)) return false;
  // Without its marks first: the time that NFKD takes grows with the square of those on one letter.
  const letters = text
    .replace(/\p{M}+/gu, '')
    .normalize('NFKD')
    .replace(/[^0-9A-Za-z_+/]+/g, '');
  if (secretsIn(letters).length > 0) return true;
  return /[+/]/.test(letters) && secretsIn(letters.replace(/[+/]+/g, '')).length > 0;
};

/** Of ASCII, of which our secrets are, in a text of URLs; what was encoded several times all at once. */
const ENCODED = /%(?:25)*([0-7][0-9A-Fa-f])/g;

const percentDecoded = (text: string): string =>
  text.replace(ENCODED, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));

/**
 * Whether a token or webhook secret of ours stands anywhere in the text, also one that was percent-encoded, or written
 * with other forms of its letters, or with something between them: white space, hyphens, marks, what nobody sees.
 */
export const holdsSecret = (text: string): boolean =>
  holdsPlainSecret(text) || (text.includes('%') && holdsPlainSecret(percentDecoded(text)));

/** The text with each token and webhook secret of ours masked; nothing of a text in which one is hidden. */
export const withSecretsMasked = (text: string): string => {
  const places = secretsIn(text).toSorted((one, other) => one.start - other.start);
  let masked = '';
  let from = 0;
  for (const { start, end } of places) {
    masked += text.slice(from, start) + (start < from ? '' : mask(text.slice(start, end)));
    from = Math.max(from, end);
  }
  masked += text.slice(from);
  return holdsSecret(masked) ? '…' : masked;
};
