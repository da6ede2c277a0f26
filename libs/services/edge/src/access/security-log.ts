import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Counter } from 'prom-client';
import { Metrics } from '../observing/metrics.js';
import type { Principal } from './principal.js';

/** Attempts that were denied: lines marked `security`, and a counter. They are no events: nothing has happened. */
@Injectable()
export class SecurityLog {
  private readonly count: Counter<'reason'>;

  constructor(
    metrics: Metrics,
    private readonly logger: PinoLogger,
  ) {
    const name = 'keyledger_denied_total';
    const help = 'Requests denied for want of a valid token, a role or an account.';
    this.count = new Counter({ name, help, labelNames: ['reason'], registers: [metrics.registry] });
  }

  /** `not-found` is what the caller is told of an account that is not its own. */
  denied(
    reason: 'forbidden' | 'not-found',
    operation: { readonly rpc: string },
    { principal, ip }: { readonly principal: Principal; readonly ip: string | null },
    accountId?: string,
  ): void {
    this.count.inc({ reason });
    const { subject, roles } = principal;
    const facts = { security: true, reason, operation: operation.rpc, subject, roles, accountId, ip };
    this.logger.warn(facts, 'Access denied');
  }

  /** A route or an RPC that declares no access: a mistake of ours, which must open nothing. */
  undeclared(operation: string, ip: string | null): void {
    this.count.inc({ reason: 'undeclared' });
    this.logger.error({ security: true, reason: 'undeclared', operation, ip }, 'Access denied');
  }

  /** `detail` is what the caller was told; it never holds any of the token. */
  unauthenticated(detail: string, ip: string | null): void {
    this.count.inc({ reason: 'unauthenticated' });
    this.logger.warn({ security: true, reason: 'unauthenticated', detail, ip }, 'Access denied');
  }
}
