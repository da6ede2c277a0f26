import { createRemoteJWKSet, errors, type JWTVerifyGetKey, type RemoteJWKSet } from 'jose';
import { isTrustworthyUrl } from '../settings/trustworthy-url.js';

const FETCH_TIMEOUT_MS = 5_000;

/** Someone whose tokens are accepted, and everything that is pinned for them. */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  readonly keyFor: JWTVerifyGetKey;
}

/** The keys of an issuer could not be had, which says nothing about the token. */
export class KeysUnavailable extends Error {
  constructor(issuer: string, cause: unknown) {
    super(`The keys of ${issuer} could not be fetched`, { cause });
    this.name = 'KeysUnavailable';
  }
}

/** OpenID Connect Discovery 1.0, section 4: where the issuer says that its keys are. */
const discover = async (issuer: string): Promise<string> => {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${address} answered with status ${response.status}`);
  const document = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown } | null;
  if (document?.issuer !== issuer) throw new Error(`${address} describes another issuer`);
  const { jwks_uri: keysAt } = document;
  if (typeof keysAt !== 'string' || !isTrustworthyUrl(keysAt)) throw new Error(`${address} has no usable jwks_uri`);
  return keysAt;
};

const isAboutTheToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys;

/**
 * An OpenID Connect issuer. Its keys are fetched when the first token needs them, kept for ten minutes, and fetched
 * again for a key id that is not among them, at most every 30 seconds. `jwksUri` null finds them by discovery.
 */
export const remoteIssuer = (pinned: Omit<TrustedIssuer, 'keyFor'>, jwksUri: string | null): TrustedIssuer => {
  const open = async (): Promise<RemoteJWKSet> =>
    createRemoteJWKSet(new URL(jwksUri ?? (await discover(pinned.issuer))), { timeoutDuration: FETCH_TIMEOUT_MS });
  let opening: Promise<RemoteJWKSet> | undefined;
  const keySet = (): Promise<RemoteJWKSet> =>
    (opening ??= open().catch((error: unknown) => {
      opening = undefined; // The next token tries again.
      throw error;
    }));
  const keyFor: JWTVerifyGetKey = async (header, token) => {
    try {
      return await (
        await keySet()
      )(header, token);
    } catch (error) {
      throw isAboutTheToken(error) ? error : new KeysUnavailable(pinned.issuer, error);
    }
  };
  return { ...pinned, keyFor };
};
