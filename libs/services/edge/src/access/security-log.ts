import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Counter } from 'prom-client';
import { JoinedLines } from '../observing/joined-lines.js';
import { Metrics } from '../observing/metrics.js';
import { networkOf } from './ip-address.js';
import type { Principal } from './principal.js';

type Reason = 'forbidden' | 'not-found' | 'undeclared' | 'unauthenticated' | 'too-many-requests';

/** What a line says beside its reason. */
type Facts = Readonly<Record<string, unknown>>;

/**
 * Attempts that were denied: lines marked `security`, and a counter. They are no events: nothing has happened. Repeats
 * are joined, so that who is denied again and again cannot push all other lines out of what is kept of the log.
 */
@Injectable()
export class SecurityLog implements OnModuleDestroy {
  private readonly count: Counter<'reason'>;
  private readonly lines = new JoinedLines();

  constructor(
    metrics: Metrics,
    private readonly logger: PinoLogger,
  ) {
    const name = 'keyledger_denied_total';
    const help = 'Requests denied for want of a valid token, a role or an account, or because there were too many.';
    this.count = new Counter({ name, help, labelNames: ['reason'], registers: [metrics.registry] });
  }

  onModuleDestroy(): void {
    this.lines.end();
  }

  /** `not-found` is what the caller is told of an account that is not its own. */
  denied(
    reason: 'forbidden' | 'not-found',
    operation: { readonly rpc: string },
    { principal, ip }: { readonly principal: Principal; readonly ip: string | null },
    accountId?: string,
  ): void {
    const { issuer, subject, roles } = principal;
    const facts = { operation: operation.rpc, issuer, subject, roles, accountId, ip };
    this.write('warn', reason, facts, [issuer, subject, ip]);
  }

  /** A route or an RPC that declares no access: a mistake of ours, which must open nothing. */
  undeclared(operation: string, ip: string | null): void {
    this.write('error', 'undeclared', { operation, ip }, [operation]);
  }

  /** `detail` is what the caller was told; it never holds any of the token. `rpc` is where it asked first. */
  unauthenticated(detail: string, operation: { readonly rpc: string }, ip: string | null): void {
    this.write('warn', 'unauthenticated', { operation: operation.rpc, detail, ip }, [
      detail,
      ip === null ? null : networkOf(ip),
    ]);
  }

  /** `limit` is the one that the caller has exceeded. */
  tooMany(limit: string, caller: { readonly subject?: string; readonly ip: string | null }): void {
    const { subject, ip } = caller;
    // Joined as the limit counts.
    const network = ip === null ? null : networkOf(ip);
    this.write('warn', 'too-many-requests', { limit, ...caller }, [limit, subject, network]);
  }

  private write(level: 'warn' | 'error', reason: Reason, facts: Facts, caller: readonly unknown[]): void {
    this.count.inc({ reason });
    const line = { security: true, reason, ...facts };
    this.lines.note(JSON.stringify([reason, ...caller]), (more) => {
      if (more === 0) this.logger[level](line, 'Access denied');
      else {
        const from = String(facts['subject'] ?? facts['ip']);
        this.logger[level]({ ...line, more }, `Access denied, ${more} more from ${from}`);
      }
    });
  }
}
