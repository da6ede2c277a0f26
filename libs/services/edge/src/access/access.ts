import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { Problem } from '../operation/problem.js';
import type { Role } from './principal.js';

/** Reads a header of HTTP or an entry of gRPC's metadata. Names are in lower case. */
export type HeaderReader = (name: string) => string | undefined;

/** Where a request carries the token of its caller. */
export interface TokenSource {
  /** The token, or undefined where there is none. */
  read(header: HeaderReader): string | undefined;
  /** What a caller without a token is told. */
  missing(): Problem;
}

/** Challenges of RFC 6750, section 3. A request without a token is told no error code. */
const CHALLENGE = 'Bearer realm="keyledger"';

/** More than any issuer's tokens have, and little enough to be hashed and decoded for strangers. */
const MAX_TOKEN_LENGTH = 8 * 1024;

const short = (token: string | undefined): string | undefined => {
  if (token !== undefined && token.length > MAX_TOKEN_LENGTH) throw tokenRefused('The token is longer than 8 KiB.');
  return token;
};

/** `Authorization: Bearer <token>`. */
export const bearer: TokenSource = {
  read: (header) => short(/^Bearer +(\S+) *$/i.exec(header('authorization') ?? '')?.[1]),
  missing: () =>
    new Problem(
      'unauthenticated',
      'Send a token as "Authorization: Bearer <token>", in a header or over gRPC in the metadata.',
      [],
      {
        'WWW-Authenticate': CHALLENGE,
      },
    ),
};

/** The token alone, in a header of its own: for routes on which `Authorization` is somebody else's credential. */
export const tokenHeader = (name: Lowercase<string>): TokenSource => ({
  read: (header) => short(header(name)),
  missing: () => new Problem('unauthenticated', `Send a token in the header "${name}".`),
});

const challengeOf = (detail: string): Readonly<Record<string, string>> => ({
  'WWW-Authenticate': `${CHALLENGE}, error="invalid_token", error_description="${detail}"`,
});

/** `detail` says what is wrong and what to do, in ASCII without quotes. It never holds any of the token. */
export const tokenRefused = (detail: string): Problem =>
  new Problem('unauthenticated', detail, [], challengeOf(detail));

/** A token that nobody could check: the trouble is on our side, so the caller has not failed. */
export class UncheckedToken extends Problem {
  constructor(detail: string) {
    super('unauthenticated', detail, [], challengeOf(detail));
  }
}

/**
 * Who may use a route or an RPC: callers with a token and one of these roles, or everybody, for the reason given. What
 * declares no access is refused at both doors.
 */
export type Access =
  | {
      readonly allow: readonly Role[] | 'anyone';
      /** `bearer` where left out. */
      readonly token?: TokenSource;
      /** Whether gateways in KEYLEDGER_TRUSTED_GATEWAYS may do without a token. */
      readonly trustsGateways?: boolean;
      /** Whether its headers are somebody else's: a correlation id among them that is a secret is then left out. */
      readonly relaysHeaders?: boolean;
    }
  | { readonly open: string };

const ACCESS = Symbol('access');

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
}

/** Declares who may use a handler of Nest's, to the guard and to the HTTP door, which asks before it reads a body. */
export const Accessible = (access: Access): MethodDecorator =>
  applyDecorators(SetMetadata(ACCESS, access), RouteConfig({ access }));

export const accessOf = (handler: object): Access | undefined =>
  Reflect.getMetadata(ACCESS, handler) as Access | undefined;
