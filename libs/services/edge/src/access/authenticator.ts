import { hash } from 'node:crypto';
import { decodeJwt, errors, jwtVerify, type JWTVerifyResult } from 'jose';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { bearer, tokenRefused, UncheckedToken, type HeaderReader } from './access.js';
import type { Config } from '../settings/config.js';
import { CLOCK_TOLERANCE_S, principalOf, type TokenRules } from './claims.js';
import { openLocalIssuer } from './local-issuer.js';
import type { Principal } from './principal.js';
import { toProblem, type Problem } from '../operation/problem.js';
import { KeysUnavailable, remoteIssuer, UnusableKey, type TrustedIssuer } from './trusted-issuers.js';

const MAX_CACHED_TOKENS = 10_000;
/** Then a token is verified anew, so that a key which its issuer has taken back does not count for long. */
const KEPT_MS = 5 * 60_000;

/** What to tell the caller of a token that jose refuses; by class, because its messages may quote the token. */
const refusalOf = (error: errors.JOSEError): Problem => {
  if (error instanceof errors.JWTExpired) return tokenRefused('The token has expired. Get a new one.');
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return tokenRefused('The token is signed with an algorithm that is not accepted here.');
  }
  if (error instanceof errors.JWTClaimValidationFailed) return claimRefusal(error.claim);
  const { JWSSignatureVerificationFailed, JWKSNoMatchingKey, JWKSMultipleMatchingKeys } = errors;
  if (
    [JWSSignatureVerificationFailed, JWKSNoMatchingKey, JWKSMultipleMatchingKeys].some((kind) => error instanceof kind)
  ) {
    return tokenRefused('The signature of the token is not by a key of its issuer.');
  }
  return tokenRefused('The token is not a well-formed JWT.');
};

/**
 * A token that nobody could check counts as no failure of its caller: else all who stand behind one address would be
 * locked out because the issuer was away, and stay so when it is back. What strangers may do by that is bounded all the
 * same: in the pause after a failed fetch such a token costs the decoding of one short text, and neither a fetch nor a
 * signature nor a line of the log. Once the keys are there, a token that is no good counts as any other.
 */
const unchecked = (): Problem =>
  new UncheckedToken('The keys of the issuer could not be fetched, so the token cannot be checked now. Try again.');

/** What jose throws beside its own errors is a TypeError for a key that is too short for its algorithm. */
const unusableKey = (): Problem =>
  tokenRefused('The key of the issuer that the token names cannot be used: it is malformed, or too short.');

const refusalFor = (error: unknown): Problem => {
  if (error instanceof KeysUnavailable) return unchecked();
  if (error instanceof UnusableKey || error instanceof TypeError) return unusableKey();
  return error instanceof errors.JOSEError ? refusalOf(error) : toProblem(error);
};

const claimRefusal = (claim: string): Problem => {
  switch (claim) {
    case 'aud':
      return tokenRefused('The token is meant for another audience.');
    case 'nbf':
      return tokenRefused('The token is not valid yet.');
    case 'typ':
      return tokenRefused('The token is of another type than is accepted here. Send an access token.');
    default:
      return tokenRefused('The token lacks a claim, or has one of the wrong kind: sub and exp are required.');
  }
};

const unverifiedIssuer = (token: string): string | undefined => {
  try {
    return decodeJwt(token).iss;
  } catch {
    throw tokenRefused('The token is not a well-formed JWT.');
  }
};

const hashOf = (token: string): string => hash('sha256', token, 'base64');

interface VerifiedToken {
  readonly principal: Principal;
  readonly keptUntilMs: number;
  /** Whether its key is still one of its issuer's. */
  readonly isKeyKnown: () => boolean;
}

/** Tells who makes a request, from its bearer token (RFC 6750) by one of the trusted issuers. */
export class Authenticator {
  private readonly issuers: ReadonlyMap<string, TrustedIssuer>;
  /** By the hash of the token, so that a dump of this process's memory is not a list of live tokens. */
  private readonly verified = new LRUCache<string, VerifiedToken>({ max: MAX_CACHED_TOKENS });
  private readonly underWay = new Map<string, Promise<Principal>>();

  /** `now` is in milliseconds since 1970. */
  constructor(
    issuers: readonly TrustedIssuer[],
    private readonly rules: TokenRules,
    private readonly now: () => number = Date.now,
  ) {
    this.issuers = new Map(issuers.map((issuer) => [issuer.issuer, issuer]));
  }

  /** The caller by the token that `source` finds in the headers. Throws the problem `unauthenticated`. */
  async authenticate(header: HeaderReader, source = bearer): Promise<Principal> {
    const token = source.read(header);
    if (token === undefined) throw source.missing();
    const digest = hashOf(token);
    return this.knownBy(digest) ?? this.underWay.get(digest) ?? this.verifyOnce(digest, token);
  }

  /** The caller at once, if the token was verified lately. */
  known(header: HeaderReader, source = bearer): Principal | undefined {
    const token = source.read(header);
    return token === undefined ? undefined : this.knownBy(hashOf(token));
  }

  /**
   * Whether the token was good here before, though it may have to be verified anew. One that was refused, then or
   * since, is not.
   */
  hasVerified(header: HeaderReader, source = bearer): boolean {
    const token = source.read(header);
    return token !== undefined && this.verified.has(hashOf(token));
  }

  private knownBy(hash: string): Principal | undefined {
    const known = this.verified.get(hash);
    return known !== undefined && this.now() < known.keptUntilMs && known.isKeyKnown() ? known.principal : undefined;
  }

  /** Requests that bring the same new token at the same time share one verification. */
  private verifyOnce(hash: string, token: string): Promise<Principal> {
    const verification = this.verify(token)
      .then((verified) => {
        this.verified.set(hash, verified);
        return verified.principal;
      })
      .catch((error: unknown) => {
        if (!(error instanceof UncheckedToken)) this.verified.delete(hash);
        throw error;
      })
      .finally(() => this.underWay.delete(hash));
    this.underWay.set(hash, verification);
    return verification;
  }

  private async verify(token: string): Promise<VerifiedToken> {
    // Only chooses whose keys to try: the signature then covers the claim.
    const trusted = this.issuers.get(unverifiedIssuer(token) ?? '');
    if (trusted === undefined) throw tokenRefused('The token is by an issuer that is not trusted here.');
    const { payload, protectedHeader } = await this.checked(token, trusted);
    const principal = principalOf(payload, this.rules, this.now() / 1000);
    const goodUntilMs = principal.expiresAtMs + CLOCK_TOLERANCE_S * 1000;
    return {
      principal,
      keptUntilMs: Math.min(goodUntilMs, this.now() + KEPT_MS),
      isKeyKnown: () => trusted.hasKey(protectedHeader.kid),
    };
  }

  private async checked(token: string, trusted: TrustedIssuer): Promise<JWTVerifyResult> {
    try {
      return await jwtVerify(token, trusted.keyFor, {
        issuer: trusted.issuer,
        audience: trusted.audience,
        ...(trusted.tokenType !== undefined && { typ: trusted.tokenType }),
        algorithms: [...trusted.algorithms],
        requiredClaims: ['sub', 'exp'],
        clockTolerance: CLOCK_TOLERANCE_S,
        currentDate: new Date(this.now()),
      });
    } catch (error) {
      throw refusalFor(error);
    }
  }
}

/** The authenticator that the settings ask for: the OIDC issuer, the local one, or both. */
export const openAuthenticator = async (config: Config, logger: Logger): Promise<Authenticator> => {
  const issuers: TrustedIssuer[] = [];
  if (config.oidcIssuer !== null) {
    const { oidcIssuer: issuer, oidcAudience: audience, oidcAlgorithms: algorithms, oidcTokenType } = config;
    const tokenType = oidcTokenType ?? undefined;
    const onFailure = (failure: KeysUnavailable): void => logger.warn({ err: failure }, failure.message);
    const surroundings = { onFailure, now: Date.now };
    issuers.push(remoteIssuer({ issuer, audience, algorithms, tokenType }, config.oidcJwksUri, surroundings));
  }
  if (config.localIssuer) issuers.push(await openLocalIssuer(config.dataDir));
  return new Authenticator(issuers, config);
};
