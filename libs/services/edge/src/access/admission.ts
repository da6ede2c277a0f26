import { withSecretsMasked } from '@keyledger/secrets';
import { broughtSecretAsId, noteKnownCaller } from '../observing/request-log.js';
import { invalid, Problem } from '../operation/problem.js';
import { bearer, UncheckedToken, type Access, type HeaderReader } from './access.js';
import type { ClientIp } from './client-ip.js';
import type { Authenticator } from './authenticator.js';
import type { Limits } from './limits.js';
import { roleCovers, type Principal } from './principal.js';
import type { SecurityLog } from './security-log.js';
import type { TrustedGateways } from './trusted-gateways.js';

/** What is known of a request before its body or message is read: the same at both doors. */
export interface Arrival {
  /** Null where nobody is asked who it is. */
  readonly principal: Principal | null;
  readonly correlationId: string;
  /** Who asks, as far as the proxies that we trust say; null where the connection has no address. */
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly header: HeaderReader;
  /** Address at the other end of the connection. */
  readonly peer: string | undefined;
}

/** What a door knows of a request. */
export type Sent = Pick<Arrival, 'correlationId' | 'header' | 'peer'>;

const USER_AGENT_LENGTH = 256;

/** As it may stand in the trail: on one line, and without a secret. */
const userAgentIn = (text: string): string =>
  withSecretsMasked(text)
    .replace(/\p{Cc}/gu, ' ')
    .slice(0, USER_AGENT_LENGTH);

const userAgentOf = (header: HeaderReader): string | null => userAgentIn(header('user-agent') ?? '') || null;

/** Written out, because to spread an object takes longer than all else here. */
const arrivalFrom = (
  { correlationId, header, peer }: Sent,
  ip: string | null,
  principal: Principal | null,
): Arrival => ({ correlationId, header, peer, ip, principal, userAgent: userAgentOf(header) });

/** By what lives exactly as long as the request: Fastify's request, or the metadata of the call. */
const arrivals = new WeakMap<object, Arrival>();

/** Of a request of Fastify's, or of the metadata of a gRPC call, that a door has let in. */
export const arrivalOf = (request: object): Arrival => {
  const arrival = arrivals.get(request);
  if (arrival === undefined) throw new Error('This request was never admitted.');
  return arrival;
};

/** Who asks, where the access of the route or the RPC is not open to all. */
export const callerOf = ({ principal }: Arrival): Principal => {
  if (principal === null) throw new Error('This is open to all: nobody was asked who it is.');
  return principal;
};

export const forbidden = (): Problem =>
  new Problem('forbidden', 'Your roles do not allow this. Ask for one of those that the API docs name for it.');

const mayUse = (principal: Principal, { allow }: Extract<Access, { allow: unknown }>, accountId?: string): boolean =>
  allow === 'anyone' ||
  allow.some((role) =>
    accountId === undefined ? principal.roles.includes(role) : roleCovers(principal, role, accountId),
  );

const refuseSecretAsId = (request: object, access: Access): void => {
  if (!broughtSecretAsId(request) || ('relaysHeaders' in access && access.relaysHeaders === true)) return;
  throw invalid('X-Correlation-Id', 'must not hold a secret of a credential');
};

const stopping = new Problem('log-unavailable', 'This server is stopping; nothing was stored. Try again.', [], {
  'Retry-After': '1',
  Connection: 'close',
});

interface Caller extends Pick<Sent, 'peer' | 'header'> {
  readonly ip: string | null;
}

type TokenAccess = Extract<Access, { allow: unknown }>;

/** Whom the settings believe, and what of. */
interface Trust {
  readonly clientIp: ClientIp;
  readonly gateways: TrustedGateways;
}

/** Decides whether a request comes in, before anything of it but its headers is read. */
export class Admission {
  private isStopping = false;

  constructor(
    private readonly authenticator: Authenticator,
    private readonly securityLog: SecurityLog,
    private readonly trust: Trust,
    private readonly limits: Limits,
  ) {}

  /** From now on only what is open to all comes in. */
  stop(): void {
    this.isStopping = true;
  }

  /**
   * Verifies the token that `access` asks for, once, and keeps the arrival of `request`. `operation` names the route or
   * the RPC for the security log. Throws the problem `unauthenticated` or `forbidden`.
   */
  async admit(request: object, operation: string, access: Access | undefined, sent: Sent): Promise<void> {
    const { peer, header } = sent;
    const ip = this.trust.clientIp(peer, header);
    if (access === undefined) {
      this.securityLog.undeclared(operation, ip);
      throw new Problem('forbidden', 'Nothing declares who may use this, so nobody may.');
    }
    const principal = 'open' in access ? null : await this.authenticate(access, operation, { peer, header, ip });
    if (principal !== null) noteKnownCaller(request);
    if (principal !== null) this.requireRole(principal, operation, access, ip);
    refuseSecretAsId(request, access);
    arrivals.set(request, arrivalFrom(sent, ip, principal));
  }

  /**
   * As `admit` and `countPlain`, at once, for a caller whose token was verified lately. Undefined for whom there is
   * more to do or to say: then nothing of the request is noted. With an account a role must be for that one.
   */
  admitKnown(access: Access, sent: Sent, accountId?: string): Arrival | undefined {
    if (this.isStopping || 'open' in access) return undefined;
    const ip = this.trust.clientIp(sent.peer, sent.header);
    try {
      const principal = this.authenticator.known(sent.header, access.token);
      if (principal === undefined || !mayUse(principal, access, accountId)) return undefined;
      this.limits.countRequest(principal, false);
      return arrivalFrom(sent, ip, principal);
    } catch (error) {
      if (error instanceof Problem) return undefined;
      throw error;
    }
  }

  /**
   * Counts what is no operation, once it is admitted: as a read, since nothing tells whether it changes anything.
   * Throws the problem `too-many-requests`.
   */
  countPlain(request: object): void {
    const { principal, ip } = arrivalOf(request);
    if (principal === null) return;
    try {
      this.limits.countRequest(principal, false);
    } catch (error) {
      if (error instanceof Problem) this.securityLog.tooMany(error.code, { subject: principal.subject, ip });
      throw error;
    }
  }

  private async authenticate(access: TokenAccess, operation: string, { peer, header, ip }: Caller): Promise<Principal> {
    if (this.isStopping) throw stopping;
    try {
      const gateway = this.gatewayWithoutToken(access, header, peer);
      if (gateway !== undefined) return gateway;
      this.requireFewFailures(ip, access, header);
      return await this.authenticator.authenticate(header, access.token);
    } catch (error) {
      if (error instanceof Problem && !(error instanceof UncheckedToken)) this.noteFailure(error, operation, ip);
      throw error;
    }
  }

  /** Others who fail at the same address, as behind one gateway, lock nobody out whose token was good before. */
  private requireFewFailures(ip: string | null, { token }: TokenAccess, header: HeaderReader): void {
    try {
      this.limits.requireFewFailures(ip);
    } catch (tooMany) {
      if (!this.hasVerified(token, header)) throw tooMany;
    }
  }

  /** A token that cannot even be read was never good. */
  private hasVerified(source: TokenAccess['token'], header: HeaderReader): boolean {
    try {
      return this.authenticator.hasVerified(header, source);
    } catch {
      return false;
    }
  }

  /** A token that is there counts for what it says, also where none is needed. */
  private gatewayWithoutToken(
    { trustsGateways = false, token = bearer }: TokenAccess,
    header: HeaderReader,
    peer: string | undefined,
  ): Principal | undefined {
    return trustsGateways && token.read(header) === undefined ? this.trust.gateways(peer) : undefined;
  }

  private noteFailure({ code, detail }: Problem, operation: string, ip: string | null): void {
    if (code === 'too-many-requests') {
      this.securityLog.tooMany('failed-authentication', { ip });
      return;
    }
    this.securityLog.unauthenticated(detail, { rpc: operation }, ip);
    this.limits.countFailure(ip);
  }

  private requireRole(principal: Principal, operation: string, access: Access, ip: string | null): void {
    if ('open' in access || mayUse(principal, access)) return;
    this.securityLog.denied('forbidden', { rpc: operation }, { principal, ip });
    throw forbidden();
  }
}
