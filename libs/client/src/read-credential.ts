import type { PresentedCredential } from './verification.js';

/**
 * The headers of a request: `request.rawHeaders` of Node, a list of names and values in turn; or an object of them, or
 * `Headers` of the Fetch standard.
 */
export type RequestHeaders =
  | readonly string[]
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>;

type Header = readonly [name: string, value: string];

const inTurn = (list: readonly string[]): readonly Header[] =>
  list.flatMap((name, index) => (index % 2 === 0 ? [[name, list[index + 1] ?? ''] as const] : []));

const isInTurn = (headers: RequestHeaders): headers is readonly string[] =>
  Array.isArray(headers) && typeof headers[0] === 'string';

const pairsIn = (headers: RequestHeaders): readonly (readonly [string, string | readonly string[] | undefined])[] => {
  if (isInTurn(headers)) return inTurn(headers);
  return Symbol.iterator in headers ? [...headers] : Object.entries(headers);
};

const listOf = (headers: RequestHeaders): readonly Header[] =>
  pairsIn(headers).flatMap(([name, value = []]) => [value].flat().map((each): Header => [name.toLowerCase(), each]));

/** No pair can stand where a secret alone belongs. */
const single = (text: string): PresentedCredential => ({ credential: text.includes(':') ? '' : text });

/** Empty where it is not base64 as it is written (RFC 4648, 4): Node's decoder takes much else for it. */
const decode = (encoded: string): string => {
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.toString('base64') === encoded ? bytes.toString() : '';
};

/** Basic is base64 of `public:secret`. What is none is no credential, and so is any other scheme. */
const readAuthorization = (value: string): PresentedCredential => {
  const [, scheme, rest = ''] = /^(bearer|basic) +([^ ]*)$/i.exec(value) ?? [];
  if (scheme?.toLowerCase() !== 'basic') return single(rest);
  const pair = decode(rest);
  return { credential: pair.includes(':') ? pair : '' };
};

const readers: ReadonlyMap<string, (value: string) => PresentedCredential> = new Map([
  ['authorization', readAuthorization],
  ['x-auth-token', single],
  ['x-api-key', single],
  ['x-shared-key', (sharedKey: string) => ({ sharedKey })],
  ['x-secret-key', (secretKey: string) => ({ secretKey })],
]);

/**
 * The one credential in the headers of a request: `X-Auth-Token`, `X-Api-Key`, `X-Shared-Key` with `X-Secret-Key`,
 * `Authorization: Bearer`, or `Authorization: Basic` with `public:secret`. Of none, and of several, it makes a question
 * that is answered with the code `MALFORMED`. White space is never cut off.
 *
 * Take Node's `request.rawHeaders`: `request.headers` hides a second `Authorization`, which makes two credentials.
 */
export const readCredential = (headers: RequestHeaders): PresentedCredential => {
  const presented = listOf(headers).flatMap(([name, value]) => readers.get(name)?.(value) ?? []);
  const all = Object.assign({}, ...presented) as PresentedCredential;
  const isPair = presented.length === 2 && all.sharedKey !== undefined && all.secretKey !== undefined;
  return presented.length === 1 || isPair ? all : {};
};
