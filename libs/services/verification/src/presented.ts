import { PUBLIC_ID_PATTERN } from '@keyledger/contract/tokens';
import { isWellFormedToken, isWellFormedWebhookSecret } from '@keyledger/secrets';

/** What a client showed: a secret that stands alone, or one beside its public part; or what can be none of ours. */
export type PresentedText =
  | { readonly kind: 'single'; readonly secret: string }
  | { readonly kind: 'pair'; readonly publicPart: string; readonly secret: string }
  | { readonly kind: 'malformed' };

export const malformed: PresentedText = { kind: 'malformed' };

const isSecret = (text: string): boolean => isWellFormedToken(text) || isWellFormedWebhookSecret(text);

export const presentSecret = (secret: string): PresentedText =>
  isSecret(secret) ? { kind: 'single', secret } : malformed;

export const presentPair = (publicPart: string, secret: string): PresentedText =>
  PUBLIC_ID_PATTERN.test(publicPart) && isSecret(secret) ? { kind: 'pair', publicPart, secret } : malformed;

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

/** Undefined where none of it is given, malformed where only half is. */
const pairOf = (
  publicPart: string | null | undefined,
  secret: string | null | undefined,
): PresentedText | undefined => {
  const [first, second] = [publicPart, secret].filter((part) => typeof part === 'string');
  if (first === undefined) return undefined;
  return second === undefined ? malformed : presentPair(first, second);
};

/** Exactly one credential, and that whole; anything else is malformed. */
export const presentFields = (fields: CredentialFields): PresentedText => {
  const { credential, clientId, clientSecret, sharedKey, secretKey } = fields;
  const [one = malformed, ...more] = [
    typeof credential === 'string' ? presentText(credential) : undefined,
    pairOf(clientId, clientSecret),
    pairOf(sharedKey, secretKey),
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
    pairOf(header('x-shared-key'), header('x-secret-key')),
    authorization === undefined ? undefined : ofAuthorization(authorization),
  ].filter((presented) => presented !== undefined);
  return more.length > 0 ? malformed : one;
};
