import { idForms } from '@keyledger/domain';
import type { JWTPayload } from 'jose';
import { tokenRefused } from './access.js';
import { roles, type Principal } from './principal.js';

/** Where a token says what its bearer may do, and how long it may live. */
export interface TokenRules {
  readonly rolesClaim: string;
  readonly accountsClaim: string;
  /** In seconds. */
  readonly tokenMaxLifetime: number;
}

/** How far the issuer's clock may be off. */
export const CLOCK_TOLERANCE_S = 5;

export const SUBJECT = /^[^\p{Cc}\p{Cs}]{1,255}$/u;

const own = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

/** The claim of exactly that name, as in `https://example.com/roles`; else the one at the end of the dotted way. */
const claimAt = (payload: JWTPayload, path: string): unknown =>
  own(payload, path) ?? path.split('.').reduce<unknown>(own, payload);

const rolesIn = (claim: unknown): Principal['roles'] =>
  Array.isArray(claim) ? roles.filter((role) => claim.includes(role)) : [];

const isAccountId = (value: unknown): value is string => typeof value === 'string' && idForms.accountId.test(value);

const accountsIn = (claim: unknown): Principal['accounts'] => {
  if (claim === undefined) return [];
  if (claim === '*') return '*';
  // A list that is half understood could hide a mistake in the issuer's rules, so all of it is refused.
  if (Array.isArray(claim) && claim.every(isAccountId)) return claim;
  throw tokenRefused('The accounts claim of the token must be a list of account ids, or an asterisk.');
};

/** From now where it claims to be issued later, so that this cannot lengthen its life. */
const requireShortLife = ({ iat, exp = 0 }: JWTPayload, { tokenMaxLifetime }: TokenRules, nowS: number): void => {
  if (exp - Math.min(iat ?? nowS, nowS) <= tokenMaxLifetime + CLOCK_TOLERANCE_S) return;
  throw tokenRefused(`The token lives longer than the ${tokenMaxLifetime} seconds that are accepted here.`);
};

/**
 * The principal that a verified token names. Roles that are not ours are passed over, because issuers put those of
 * other products into the same claim. Throws `unauthenticated` for a claim that is malformed, or that
 * gives the token too long a life. `nowS` is in seconds since 1970.
 */
export const principalOf = (payload: JWTPayload, rules: TokenRules, nowS: number): Principal => {
  const { iss, sub, exp } = payload;
  if (iss === undefined || exp === undefined || typeof sub !== 'string' || !SUBJECT.test(sub)) {
    throw tokenRefused('The claim sub of the token must have 1 to 255 characters and no control characters.');
  }
  requireShortLife(payload, rules, nowS);
  const service = payload['client_id'] === sub || payload['azp'] === sub;
  return {
    issuer: iss,
    subject: sub,
    actorType: service ? 'service' : 'user',
    roles: rolesIn(claimAt(payload, rules.rolesClaim)),
    accounts: accountsIn(claimAt(payload, rules.accountsClaim)),
    expiresAtMs: exp * 1000,
  };
};
