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

/** The keys of an issuer could not be had, which says nothing about the token. */
export class KeysUnavailable extends Error {
  constructor(issuer: string, cause: unknown) {
    super(`The keys of ${issuer} could not be fetched`, { cause });
    this.name = 'KeysUnavailable';
  }
}

/** The one key that a token names is no key, or none that anybody should use. The issuer has others. */
export class UnusableKey extends Error {
  constructor(cause: unknown) {
    super('The key cannot be used', { cause });
    this.name = 'UnusableKey';
  }
}

const aboutTheKey = (error: unknown): never => {
  const known = [KeysUnavailable, errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys];
  throw known.some((kind) => error instanceof kind) ? error : new UnusableKey(error);
};

/** Beside what is pinned. */
interface Surroundings {
  /** Told once of each fetch that failed, however many tokens wait for it or come in the pause. */
  readonly onFailure: (failure: KeysUnavailable) => void;
  /** In milliseconds since 1970. */
  readonly now: () => number;
}

/** For a while after a failed attempt the next ones fail with the same error, and nothing is fetched. */
const pausingAfterFailure = (issuer: string, { onFailure, now }: Surroundings): Attempt => {
  let failure: KeysUnavailable | undefined;
  let pausedUntilMs = 0;
  return async (fetchIt) => {
    if (failure !== undefined && now() < pausedUntilMs) throw failure;
    try {
      return await fetchIt();
    } catch (error) {
      failure = new KeysUnavailable(issuer, error);
      pausedUntilMs = now() + PAUSE_MS;
      onFailure(failure);
      throw failure;
    }
  };
};

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

const isKey = (key: unknown): key is { readonly kid?: unknown } =>
  typeof key === 'object' && key !== null && !Array.isArray(key);

const keyIdsOf = (keySet: unknown): ReadonlySet<unknown> => {
  const keys: unknown = (keySet as { keys?: unknown } | null)?.keys;
  // The library would refuse it as well, but after what counts as a fetch that went well, and so at each token.
  if (!Array.isArray(keys) || !keys.every(isKey)) throw new Error('The answer is no set of keys (RFC 7517)');
  return new Set(keys.map(({ kid }) => kid));
};

/**
 * An OpenID Connect issuer. Its keys are fetched when the first token needs them, kept for five minutes, and fetched
 * again for a key id that is not among them, at most every 30 seconds. After a fetch that failed there is none for ten
 * seconds. `jwksUri` null finds them by discovery. `keyFor` rejects with KeysUnavailable for such a fetch alone, with
 * UnusableKey for the one key that a token names, and else with what the library says of the token.
 */
export const remoteIssuer = (
  pinned: Omit<TrustedIssuer, 'keyFor' | 'hasKey'>,
  jwksUri: string | null,
  surroundings: Surroundings,
): TrustedIssuer => {
  const attempt = pausingAfterFailure(pinned.issuer, surroundings);
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
  const keyFor: JWTVerifyGetKey = async (header, token) => (await keySet())(header, token).catch(aboutTheKey);
  return { ...pinned, keyFor, hasKey: (kid) => kid === undefined || keyIds.has(kid) };
};
