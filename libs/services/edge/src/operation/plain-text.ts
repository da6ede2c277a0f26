import { holdsSecret } from '@keyledger/secrets';

/**
 * Control characters but tab and line ends, what Unicode keeps for the inside of programs, and U+FFFD, which is what
 * text that was not valid UTF-8 has become.
 */
const CONTROLS =
  '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\ufdd0-\\ufdef\\ufff9-\\ufffb\\ufffd-\\uffff';
/** Line ends, and what turns the text around them: U+202A to U+202E and U+2066 to U+2069 (Unicode TR 9). */
const LINE_ENDS = '\\n\\r\\u2028\\u2029';
const BIDI_OVERRIDES = '\\u202a-\\u202e\\u2066-\\u2069';

/** White space, marks, and what else nobody sees: the most usual of them, for the documentation. */
const BLANKS = [
  '\\t \\u00a0\\u00ad\\u0300-\\u036f\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u115f\\u1160\\u1680',
  '\\u17b4\\u17b5\\u180b-\\u180f\\u2000-\\u200f\\u202f\\u205f-\\u206f\\u20d0-\\u20f0\\u2800\\u3000\\u3164',
  '\\ue000-\\uf8ff\\ufe00-\\ufe0f\\ufe20-\\ufe2f\\ufeff\\uffa0\\ufff0-\\uffff',
].join('');

/** What the documentation says of a text: a schema has no other way to say which characters it may hold. */
export const textPattern = (oneLine: boolean): string => {
  if (!oneLine) return `^[^${CONTROLS}]*$`;
  const none = `${CONTROLS}${LINE_ENDS}${BIDI_OVERRIDES}`;
  return `^[^${none}]*[^${none}${BLANKS}][^${none}]*$`;
};

const controls = new RegExp(`[${CONTROLS}]`);
const loneSurrogate = /\p{Cs}/u;
const lineEnds = new RegExp(`[${LINE_ENDS}]`);
const bidiOverrides = new RegExp(`[${BIDI_OVERRIDES}]`);
/** A pattern of dots without a dot, and blanks among symbols and hieroglyphs; all others are said to be ignorable. */
const unseen = /[\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{13441}\u{13442}\u{1d159}]/gu;
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** What a name, a title or an external id must be beside text: people tell one from another by looking at it. */
const mistakeInLine = (text: string): string | undefined => {
  if (lineEnds.test(text)) return 'must be one line';
  if (bidiOverrides.test(text)) return 'must not turn the direction of writing around';
  return visible.test(text.replace(unseen, '')) ? undefined : 'must have a character that can be seen';
};

export interface TextRule {
  /** In characters of Unicode (code points). */
  readonly min: number;
  readonly max: number;
  readonly oneLine?: boolean;
}

const mistakeInSecrecy = (text: string): string | undefined =>
  holdsSecret(text) ? 'must not hold a secret of a credential: what is stored here is shown to others' : undefined;

const mistakeInCharacters = (text: string, { min, max, oneLine }: TextRule): string | undefined => {
  if (controls.test(text) || loneSurrogate.test(text)) return 'must be text without control characters';
  const length = Array.from(text).length;
  if (length < min || length > max) return `must have ${min} to ${max} characters`;
  return (oneLine === true ? mistakeInLine(text) : undefined) ?? mistakeInSecrecy(text);
};

/**
 * Why a value is not text that every store can hold as it is, or that nobody should store: undefined if nothing is
 * wrong with it. No message shows the value.
 */
export const mistakeInText = (value: unknown, rule: TextRule): string | undefined =>
  typeof value === 'string' ? mistakeInCharacters(value, rule) : 'must be text';

/** Of UTF-16, for one character that NFC has made of several. */
const MOST_UNITS = 4;

/**
 * Both ways to write an é are one text: in the form NFC, of at most `max` characters. What is too long in any form
 * stays as it is: the time that NFC takes grows with the square of the marks on one letter.
 */
export const normalised = (value: unknown, max: number): unknown => {
  if (Array.isArray(value)) return value.map((each) => normalised(each, max));
  return typeof value === 'string' && value.length <= MOST_UNITS * max ? value.normalize('NFC') : value;
};
