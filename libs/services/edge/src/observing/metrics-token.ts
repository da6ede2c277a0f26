import { hash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { arrivalOf } from '../access/admission.js';
import { Limits } from '../access/limits.js';
import { SecurityLog } from '../access/security-log.js';
import { CONFIG, type Config } from '../settings/config.js';

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

/** The token of those who run this process. Guesses at it count as failures to authenticate, like those at others. */
@Injectable()
export class MetricsToken {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly securityLog: SecurityLog,
    private readonly limits: Limits,
  ) {}

  get isSet(): boolean {
    return this.config.metricsToken !== null;
  }

  /** False also where no token is set. Throws the problem `too-many-requests`. */
  isBroughtBy(request: FastifyRequest): boolean {
    const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const { metricsToken } = this.config;
    if (token === undefined || metricsToken === null) return false;
    const { ip } = arrivalOf(request);
    this.requireFewFailures(ip);
    // Of equal length and in constant time, so that the answer's delay tells nothing about the token.
    if (timingSafeEqual(digest(token), digest(metricsToken))) return true;
    const operation = { rpc: `${request.method} ${request.routeOptions.url}` };
    this.securityLog.unauthenticated('The token is not that of the metrics.', operation, ip);
    this.limits.countFailure(ip);
    return false;
  }

  private requireFewFailures(ip: string | null): void {
    try {
      this.limits.requireFewFailures(ip);
    } catch (error) {
      this.securityLog.tooMany('failed-authentication', { ip });
      throw error;
    }
  }
}
