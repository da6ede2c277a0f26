import type { PresentedCredential } from './verification.js';

/** The headers of a request as Node has them, or as `Headers` of the Fetch standard. */
export type RequestHeaders =
  Iterable<readonly [string, string]> | Readonly<Record<string, string | readonly string[] | undefined>>;

type Header = readonly [name: string, value: string];

const listOf = (headers: RequestHeaders): readonly Header[] => {
  const pairs = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  return pairs.flatMap(([name, value = []]) => [value].flat().map((each): Header => [name.toLowerCase(), each]));
};

/** No pair can stand where a secret alone belongs. */
const single = (text: string): PresentedCredential => ({ credential: text.includes(':') ? '' : text });

/** Basic is base64 of `public:secret`. What is none is no credential, and so is any other scheme. */
const readAuthorization = (value: string): PresentedCredential => {
  const [, scheme, rest = ''] = /^(bearer|basic) +([^ ]*)$/i.exec(value) ?? [];
  if (scheme?.toLowerCase() !== 'basic') return single(rest);
  const pair = Buffer.from(rest, 'base64').toString();
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
 * Node's `request.headers` hides a second `Authorization`; `request.headersDistinct` does not.
 */
export const readCredential = (headers: RequestHeaders): PresentedCredential => {
  const presented = listOf(headers).flatMap(([name, value]) => readers.get(name)?.(value) ?? []);
  const all = Object.assign({}, ...presented) as PresentedCredential;
  const isPair = presented.length === 2 && all.sharedKey !== undefined && all.secretKey !== undefined;
  return presented.length === 1 || isPair ? all : {};
};
