import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey, type RemoteJWKSet } from 'jose';
import { isTrustworthyUrl } from '../settings/trustworthy-url.js';

const FETCH_TIMEOUT_MS = 5_000;
/** After a fetch that failed. Without it each token with an unknown key would cause another one. */
const PAUSE_MS = 10_000;
const MAX_KEY_AGE_MS = 5 * 60_000;

/** Someone whose tokens are accepted, and everything that is pinned for them. */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  /** What the header `typ` of its tokens must say; undefined where it is not looked at. */
  readonly tokenType?: string | undefined;
  readonly keyFor: JWTVerifyGetKey;
  /** Whether the key of that id is still one of its keys, as far as is known now. */
  readonly hasKey: (kid: string | undefined) => boolean;
}

type Attempt = <T>(fetchIt: () => Promise<T>) => Promise<T>;

/** For a while after a failed attempt the next ones fail with the same error, and nothing is fetched. */
const pausingAfterFailure = (now: () => number): Attempt => {
  let failure: unknown;
  let pausedUntilMs = 0;
  return async (fetchIt) => {
    if (now() < pausedUntilMs) throw failure;
    try {
      return await fetchIt();
    } catch (error) {
      failure = error;
      pausedUntilMs = now() + PAUSE_MS;
      throw error;
    }
  };
};

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

const unavailable =
  (issuer: string) =>
  (error: unknown): never => {
    const { JWKSNoMatchingKey, JWKSMultipleMatchingKeys } = errors;
    const isAboutTheToken = error instanceof JWKSNoMatchingKey || error instanceof JWKSMultipleMatchingKeys;
    throw isAboutTheToken ? error : new KeysUnavailable(issuer, error);
  };

const keyIdsOf = (keySet: unknown): ReadonlySet<unknown> => {
  const keys: unknown = (keySet as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys)) throw new Error('The answer is no set of keys (RFC 7517)');
  return new Set(keys.map((key: { kid?: unknown } | null) => key?.kid));
};

/**
 * An OpenID Connect issuer. Its keys are fetched when the first token needs them, kept for five minutes, and fetched
 * again for a key id that is not among them, at most every 30 seconds. After a fetch that failed there is none for ten
 * seconds. `jwksUri` null finds them by discovery. `now` is in milliseconds since 1970.
 */
export const remoteIssuer = (
  pinned: Omit<TrustedIssuer, 'keyFor' | 'hasKey'>,
  jwksUri: string | null,
  now: () => number = Date.now,
): TrustedIssuer => {
  const attempt = pausingAfterFailure(now);
  let keyIds: ReadonlySet<unknown> = new Set();
  const fetchKeys = (url: string, init: RequestInit): Promise<Response> =>
    attempt(async () => {
      const response = await fetch(url, init);
      if (!response.ok) throw new Error(`${url} answered with status ${response.status}`);
      const keySet: unknown = await response.json();
      keyIds = keyIdsOf(keySet);
      return Response.json(keySet);
    });
  const open = async (): Promise<RemoteJWKSet> =>
    createRemoteJWKSet(new URL(jwksUri ?? (await attempt(() => discover(pinned.issuer)))), {
      timeoutDuration: FETCH_TIMEOUT_MS,
      cacheMaxAge: MAX_KEY_AGE_MS,
      [customFetch]: fetchKeys,
    });
  let opening: Promise<RemoteJWKSet> | undefined;
  const keySet = (): Promise<RemoteJWKSet> =>
    (opening ??= open().catch((error: unknown) => {
      opening = undefined; // A later token tries again.
      throw error;
    }));
  const keyFor: JWTVerifyGetKey = async (header, token) => {
    const keys = await keySet().catch(unavailable(pinned.issuer));
    return keys(header, token).catch(unavailable(pinned.issuer));
  };
  return { ...pinned, keyFor, hasKey: (kid) => kid === undefined || keyIds.has(kid) };
};
