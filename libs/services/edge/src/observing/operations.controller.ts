import { createHash, timingSafeEqual } from 'node:crypto';
import { Controller, Get, Header, Inject, Req, Res, ServiceUnavailableException } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOperation } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService } from '@nestjs/terminus';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Registry } from 'prom-client';
import { Accessible } from '../access/access.js';
import { CONFIG, type Config } from '../settings/config.js';
import { isLoopback } from '../settings/trustworthy-url.js';
import { Metrics } from './metrics.js';
import { anyRefusal } from '../operation/documentation.js';
import { Problem } from '../operation/problem.js';
import { Readiness } from './readiness.js';

/** A gateway on this machine speaks for strangers, and says so in these headers. */
const isForwarded = ({ headers }: FastifyRequest): boolean =>
  headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;

const isFromThisMachine = (request: FastifyRequest): boolean =>
  !isForwarded(request) && isLoopback(request.socket.remoteAddress ?? '');

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const forProbes = { open: 'what restarts and balances has no token' };

/** For those who run this process: no operations of the API, so that no bearer token of an issuer is asked for. */
@Controller()
export class OperationsController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly metrics: Metrics,
    private readonly readiness: Readiness,
    private readonly health: HealthCheckService,
  ) {}

  @Get('metrics')
  @Accessible({ open: 'it asks for a token of its own' })
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  @ApiExcludeEndpoint()
  async showMetrics(@Req() request: FastifyRequest): Promise<string> {
    if (isFromThisMachine(request) || this.bringsMetricsToken(request)) return this.metrics.registry.metrics();
    const detail = 'Metrics are for this machine, and for bearers of the token in KEYLEDGER_METRICS_TOKEN.';
    throw new Problem('forbidden', detail);
  }

  /** 200 as long as this process answers at all. */
  @Get('health/live')
  @Accessible(forProbes)
  @HealthCheck()
  @ApiOperation({ operationId: 'IsAlive', summary: 'Whether the process answers' })
  @anyRefusal
  live(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.answer(reply, []);
  }

  /** 200 or 503, both with what each part says of itself. The body of the 503 is this one too, not a problem. */
  @Get('health/ready')
  @Accessible(forProbes)
  @HealthCheck()
  @ApiOperation({ operationId: 'IsReady', summary: 'Whether every part can serve requests' })
  @anyRefusal
  ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.answer(reply, this.readiness.checks());
  }

  private async answer(reply: FastifyReply, checks: ReturnType<Readiness['checks']>): Promise<unknown> {
    try {
      return await this.health.check(checks);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      void reply.status(error.getStatus());
      return error.getResponse();
    }
  }

  private bringsMetricsToken({ headers }: FastifyRequest): boolean {
    const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
    const { metricsToken } = this.config;
    // Of equal length and in constant time, so that the answer's delay tells nothing about the token.
    return token !== undefined && metricsToken !== null && timingSafeEqual(digest(token), digest(metricsToken));
  }
}
