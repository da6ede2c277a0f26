import type { PresentedCredential } from './verification.js';

/** The headers of a request as Node has them, or as `Headers` of the Fetch standard. */
export type RequestHeaders =
  Iterable<readonly [string, string]> | Readonly<Record<string, string | readonly string[] | undefined>>;

type Header = readonly [name: string, value: string];

const listOf = (headers: RequestHeaders): readonly Header[] => {
  const pairs = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  return pairs.flatMap(([name, value = []]) => [value].flat().map((each): Header => [name.toLowerCase(), each]));
};

/** The pair in `Basic`, which is base64 of `public:secret`; empty, which is no credential, for anything else. */
const decodePair = (text: string): string => {
  const bytes = Buffer.from(text, 'base64');
  const isBase64 = bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '');
  const pair = bytes.toString();
  return isBase64 && pair.includes(':') ? pair : '';
};

const fields: ReadonlyMap<string, keyof PresentedCredential> = new Map([
  ['x-auth-token', 'credential'],
  ['x-api-key', 'credential'],
  ['x-shared-key', 'sharedKey'],
  ['x-secret-key', 'secretKey'],
]);

/** Bearer and Basic; any other scheme is none of ours. */
const readAuthorization = (value: string): PresentedCredential | undefined => {
  const [, scheme, rest = ''] = /^(bearer|basic)(?: (.*))?$/i.exec(value) ?? [];
  if (scheme === undefined) return undefined;
  return { credential: /^bearer$/i.test(scheme) ? rest : decodePair(rest) };
};

/** What a header presents, as it is: white space would be part of the credential. */
const presentedBy = ([name, value]: Header): PresentedCredential | undefined => {
  if (name === 'authorization') return readAuthorization(value);
  const field = fields.get(name);
  return field === undefined ? undefined : { [field]: value };
};

/**
 * The one credential in the headers of a request: `X-Auth-Token`, `X-Api-Key`, `X-Shared-Key` with `X-Secret-Key`,
 * `Authorization: Bearer`, or `Authorization: Basic` with `public:secret`. Of none, and of several, it makes a question
 * that is answered with the code `MALFORMED`.
 *
 * Node's `request.headers` hides a second `Authorization`; `request.headersDistinct` does not.
 */
export const readCredential = (headers: RequestHeaders): PresentedCredential => {
  const presented = listOf(headers).flatMap((header) => presentedBy(header) ?? []);
  const all = Object.assign({}, ...presented) as PresentedCredential;
  const isPair = presented.length === 2 && all.sharedKey !== undefined && all.secretKey !== undefined;
  return presented.length === 1 || isPair ? all : {};
};
