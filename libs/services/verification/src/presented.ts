import { PUBLIC_ID_PATTERN } from '@keyledger/contract/tokens';
import { builtInTypes } from '@keyledger/domain';
import { isWellFormedToken, isWellFormedWebhookSecret } from '@keyledger/secrets';

/** What a client showed: a secret that stands alone, or one beside its public part; or what can be none of ours. */
export type PresentedText =
  | { readonly kind: 'single'; readonly secret: string }
  | { readonly kind: 'pair'; readonly publicPart: string; readonly secret: string }
  | { readonly kind: 'malformed' };

export const malformed: PresentedText = { kind: 'malformed' };

const isSecret = (text: string): boolean => isWellFormedToken(text) || isWellFormedWebhookSecret(text);

const prefixOf = (text: string): string => text.slice(0, text.lastIndexOf('_'));

/** The pairs of the built-in types. Of others this process may know nothing, and the index decides. */
const pairs = builtInTypes.flatMap(({ publicPart, secretPart }) =>
  publicPart === null ? [] : { publicPart, secretPart },
);
const secretPrefixes = new Map(pairs.map(({ publicPart, secretPart }) => [publicPart.prefix, secretPart.prefix]));
const publicPrefixes = new Map(pairs.map(({ publicPart, secretPart }) => [secretPart.prefix, publicPart.prefix]));
const publicFields = new Map(pairs.map(({ publicPart: { prefix, field } }) => [prefix, field]));

/** Whether the two can be parts of one type. */
const fit = (publicPart: string, secret: string): boolean => {
  const [ofPublic, ofSecret] = [prefixOf(publicPart), prefixOf(secret)];
  const [wantedSecret, wantedPublic] = [secretPrefixes.get(ofPublic), publicPrefixes.get(ofSecret)];
  return (wantedSecret ?? ofSecret) === ofSecret && (wantedPublic ?? ofPublic) === ofPublic;
};

/** The secret of a pair is half a credential. */
export const presentSecret = (secret: string): PresentedText =>
  isSecret(secret) && !publicPrefixes.has(prefixOf(secret)) ? { kind: 'single', secret } : malformed;

export const presentPair = (publicPart: string, secret: string): PresentedText =>
  PUBLIC_ID_PATTERN.test(publicPart) && isSecret(secret) && fit(publicPart, secret)
    ? { kind: 'pair', publicPart, secret }
    : malformed;

/** A secret, or `public:secret`. */
export const presentText = (text: string): PresentedText => {
  const colon = text.indexOf(':');
  return colon < 0 ? presentSecret(text) : presentPair(text.slice(0, colon), text.slice(colon + 1));
};

/** The fields of a request that can hold a credential. */
export interface CredentialFields {
  readonly credential?: string | null;
  readonly clientId?: string | null;
  readonly clientSecret?: string | null;
  readonly sharedKey?: string | null;
  readonly secretKey?: string | null;
}

type Part = string | null | undefined;

/** Undefined where none of it is given, malformed where only half is, or the pair of another field. */
const pairOf = (field: string, publicPart: Part, secret: Part): PresentedText | undefined => {
  const [first, second] = [publicPart, secret].filter((part) => typeof part === 'string');
  if (first === undefined) return undefined;
  const isAtHome = (publicFields.get(prefixOf(first)) ?? field) === field;
  return second === undefined || !isAtHome ? malformed : presentPair(first, second);
};

/** Exactly one credential, and that whole; anything else is malformed. */
export const presentFields = (fields: CredentialFields): PresentedText => {
  const { credential, clientId, clientSecret, sharedKey, secretKey } = fields;
  const [one = malformed, ...more] = [
    typeof credential === 'string' ? presentText(credential) : undefined,
    pairOf('clientId', clientId, clientSecret),
    pairOf('sharedKey', sharedKey, secretKey),
  ].filter((presented) => presented !== undefined);
  return more.length > 0 ? malformed : one;
};

type ReadHeader = (name: string) => string | undefined;

/** What `Basic` carries; undefined where it is not base64 as it is written (RFC 4648, 4). */
export const basicText = (encoded: string): string | undefined => {
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.toString('base64') === encoded ? bytes.toString('utf8') : undefined;
};

const ofAuthorization = (authorization: string): PresentedText => {
  const [, scheme = '', value = ''] = /^([A-Za-z]+) +([^ ]+)$/.exec(authorization) ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return presentSecret(value);
    case 'basic': {
      const text = basicText(value) ?? '';
      return text.includes(':') ? presentText(text) : malformed;
    }
    default:
      return malformed;
  }
};

/** The one credential in the headers that our users' clients send; none and several are malformed. */
export const presentHeaders = (header: ReadHeader): PresentedText => {
  const token = header('x-auth-token');
  const key = header('x-api-key');
  const authorization = header('authorization');
  const [one = malformed, ...more] = [
    token === undefined ? undefined : presentSecret(token),
    key === undefined ? undefined : presentSecret(key),
    pairOf('sharedKey', header('x-shared-key'), header('x-secret-key')),
    authorization === undefined ? undefined : ofAuthorization(authorization),
  ].filter((presented) => presented !== undefined);
  return more.length > 0 ? malformed : one;
};
