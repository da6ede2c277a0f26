import { applyDecorators, Controller, Get, Header, Req, Res, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheck, HealthCheckService, type HealthCheckResult, type HealthIndicatorResult } from '@nestjs/terminus';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Registry } from 'prom-client';
import { Accessible } from '../access/access.js';
import { isLoopback } from '../settings/trustworthy-url.js';
import { MetricsToken } from './metrics-token.js';
import { Metrics } from './metrics.js';
import { anyRefusal } from '../operation/documentation.js';
import { documented } from '../operation/documented.js';
import { Problem } from '../operation/problem.js';
import { Readiness } from './readiness.js';

/** Headers that proxies, gateways and networks of delivery add to what they pass on for strangers. */
const OF_PROXIES =
  /^(forwarded|via|x-real-ip|x-(original|client|cluster-client|forwarded|envoy)-.*|x-forwarded|(cf|true-client|fastly)-.*|cdn-loop)$/;

const isForwarded = ({ headers }: FastifyRequest): boolean =>
  Object.keys(headers).some((name) => OF_PROXIES.test(name));

/** A page in a browser on this machine may ask under a name of its own that leads here. */
const isForThisMachine = ({ headers }: FastifyRequest): boolean =>
  headers.host !== undefined && isLoopback(headers.host.replace(/:\d+$/, ''));

const isFromThisMachine = (request: FastifyRequest): boolean =>
  isLoopback(request.socket.remoteAddress ?? '') && isForThisMachine(request) && !isForwarded(request);

const onlyStatus = (parts: Partial<HealthIndicatorResult> = {}): HealthIndicatorResult =>
  Object.fromEntries(Object.entries(parts).flatMap(([part, says]) => (says ? [[part, { status: says.status }]] : [])));

/** What strangers see: which parts there are, and which are up. */
const withoutDetails = ({ status, info, error, details }: HealthCheckResult): HealthCheckResult => ({
  status,
  info: onlyStatus(info),
  error: onlyStatus(error),
  details: onlyStatus(details),
});

const ofProbes = {
  tags: ['Operations'],
  description: 'Needs no token. With that of the metrics each part says more of itself.',
  security: [],
};

/** What `HealthCheck` says of the replies it says through the library, which it would load at once. */
const Probe = (operationId: string, summary: string): MethodDecorator =>
  applyDecorators(
    Accessible({ open: 'what restarts and balances has no token' }),
    HealthCheck({ noCache: true, swaggerDocumentation: false }),
    documented(() => HealthCheck({ noCache: false, swaggerDocumentation: true })),
    documented(({ ApiOperation }) => ApiOperation({ ...ofProbes, operationId, summary })),
    anyRefusal,
  );

/** For those who run this process: no operations of the API, so that no bearer token of an issuer is asked for. */
@Controller()
export class OperationsController {
  constructor(
    private readonly token: MetricsToken,
    private readonly metrics: Metrics,
    private readonly readiness: Readiness,
    private readonly health: HealthCheckService,
  ) {}

  @Get('metrics')
  @Accessible({ open: 'it asks for a token of its own' })
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  @documented(({ ApiExcludeEndpoint }) => ApiExcludeEndpoint())
  async showMetrics(@Req() request: FastifyRequest): Promise<string> {
    const allowed = this.token.isSet ? this.token.isBroughtBy(request) : isFromThisMachine(request);
    if (allowed) return this.metrics.registry.metrics();
    const detail =
      'Metrics are for bearers of KEYLEDGER_METRICS_TOKEN; where none is set, for this machine, asked directly.';
    throw new Problem('forbidden', detail);
  }

  /** 200 as long as this process answers at all. */
  @Get('health/live')
  @Probe('IsAlive', 'Whether the process answers')
  async live(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return this.answer(reply, []);
  }

  /**
   * 200 or 503, both with each part up or down, and for bearers of the metrics token with what it says of itself. The
   * body of the 503 is this one too, not a problem.
   */
  @Get('health/ready')
  @Probe('IsReady', 'Whether every part can serve requests')
  async ready(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const answer = await this.answer(reply, this.readiness.checks());
    return this.mayKnowDetails(request) ? answer : withoutDetails(answer);
  }

  private async answer(reply: FastifyReply, checks: ReturnType<Readiness['checks']>): Promise<HealthCheckResult> {
    try {
      return await this.health.check(checks);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      void reply.status(error.getStatus());
      return error.getResponse() as HealthCheckResult;
    }
  }

  /** Who asks without the token, or at an address that has guessed too often, is told what every stranger is. */
  private mayKnowDetails(request: FastifyRequest): boolean {
    try {
      return this.token.isBroughtBy(request);
    } catch {
      return false;
    }
  }
}
