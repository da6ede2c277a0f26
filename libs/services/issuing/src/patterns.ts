/**
 * What OpenAPI says of texts whose rules are checked elsewhere, as far as a regular expression can say it. Without
 * look-aheads, and with all characters written out: generators of requests know no others.
 */

const hex = '[0-9A-Fa-f]';
const group = `${hex}{1,4}`;
const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const ipv4 = `(?:${octet}\\.){3}${octet}`;

/** After `::`, with so many groups before it: at least one group is left out. */
const afterElision = (before: number): string => {
  const most = 7 - before;
  const groups = most === 0 ? '' : `(?:${group}(?::${group}){0,${most - 1}})?`;
  return most < 2 ? groups : `(?:${groups}|(?:${group}:){0,${most - 2}}${ipv4})`;
};

/** The `::` comes after 0 to 7 groups. */
const elided = Array.from({ length: 8 }, (_, before) => {
  const groups = before === 0 ? '' : `${group}(?::${group}){${before - 1}}`;
  return `${groups}::${afterElision(before)}`;
});

const ipv6 = `(?:(?:${group}:){7}${group}|(?:${group}:){6}${ipv4}|${elided.join('|')})`;

/** But for bits beyond the prefix. */
export const blockPattern = new RegExp(
  `^(?:${ipv4}/(?:3[0-2]|[12]?[0-9])|${ipv6}/(?:12[0-8]|1[01][0-9]|[1-9]?[0-9]))$`,
);

/** White space, and what no text may hold. */
const blanks = '\\u0000-\\u0020\\u007f-\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const noText = '\\ufdd0-\\ufdef\\ufeff\\ufff9-\\ufffb\\ufffd-\\uffff';
const literal = (but: string): string => `[^${but}/%{}?#\\\\${blanks}${noText}]`;

/** Characters beyond ASCII, in UTF-8. */
const trail = `%[89ABab]${hex}`;
const encodedBeyond = [
  `(?:%[Cc][2-9A-Fa-f]|%[Dd]${hex}|%[Ee]0%[ABab]${hex}|%[Ee][1-9ABCEFabcef]${trail}|%[Ee][Dd]%[89]${hex})${trail}`,
  `(?:%[Ff]0%[9ABab]${hex}|%[Ff][1-3]${trail}|%[Ff]4%8${hex})${trail}${trail}`,
].join('|');

/** Percent-encoded: no control characters, slashes and backslashes. Dots and semicolons are left out here too. */
const encoded = `%(?:2[0-9A-Da-d]|3[0-9AC-Fac-f]|[46]${hex}|5[0-9ABD-Fabd-f]|7[0-9A-Ea-e])`;
const dot = '(?:\\.|%2[Ee])';
const semicolon = '(?:;|%3[Bb])';
const inName = `(?:${literal('')}|${encoded}|%2[Ee]|%3[Bb]|${encodedBeyond})`;
const plain = `(?:${literal('.;')}|${encoded}|${encodedBeyond}|\\{${inName}+\\})`;
/** A segment begins otherwise than with one or two dots alone. */
const segment = `(?:${plain}|${semicolon}|${dot}{1,2}${plain}|${dot}{3})(?:${plain}|${dot}|${semicolon})*`;

/** But for the length that it has when percent-encoded. */
export const pathPattern = new RegExp(`^/(?:${segment}(?:/${segment})*/?)?$`);
