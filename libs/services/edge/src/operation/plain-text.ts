import { holdsSecret } from '@keyledger/secrets';

/** Control characters but tab and line ends, and U+FFFD, which is what text that was not valid UTF-8 has become. */
const CONTROLS = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f\\ufffd';
/** Line ends, and what turns the text around them: U+202A to U+202E and U+2066 to U+2069 (Unicode TR 9). */
const LINE_ENDS = '\\n\\r\\u0085\\u2028\\u2029';
const BIDI_OVERRIDES = '\\u202a-\\u202e\\u2066-\\u2069';

/** What the documentation says of a text: a schema has no other way to say which characters it may hold. */
export const textPattern = (oneLine: boolean): string =>
  oneLine ? `^[^${CONTROLS}${LINE_ENDS}${BIDI_OVERRIDES}]*$` : `^[^${CONTROLS}]*$`;

const controls = new RegExp(`[${CONTROLS}]`);
const loneSurrogate = /\p{Cs}/u;
const lineEnds = new RegExp(`[${LINE_ENDS}]`);
const bidiOverrides = new RegExp(`[${BIDI_OVERRIDES}]`);
/** U+2800 is a pattern of dots without a dot; the others that are not seen are said to be ignorable. */
const unseen = /[\p{Default_Ignorable_Code_Point}\u2800]/gu;
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

/** Both ways to write an é are one text: in the form NFC. */
export const normalised = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(normalised);
  return typeof value === 'string' ? value.normalize('NFC') : value;
};
