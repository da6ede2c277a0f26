import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Logger } from 'nestjs-pino';
import { throwError, type Observable } from 'rxjs';
import { encodeProblem } from '../grpc/grpc-status.js';
import { Problem, problemBody, toProblem } from '../operation/problem.js';

/** The routes that exist, to tell a wrong method (405) from a wrong path (404). */
export class RouteTable {
  private readonly routes: { readonly method: string; readonly pattern: RegExp }[] = [];

  add(methods: string | readonly string[], path: string): void {
    const source = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+');
    const pattern = new RegExp(`^${source}$`);
    for (const method of [methods].flat()) this.routes.push({ method, pattern });
  }

  methodsOf(url: string): readonly string[] {
    const path = url.split('?')[0] ?? '';
    return [...new Set(this.routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
  }
}

/** Turns every error into a problem of the contract, for both doors. */
@Catch()
export class ProblemsFilter implements ExceptionFilter {
  constructor(
    private readonly routes: RouteTable,
    private readonly logger: Logger,
  ) {}

  catch(error: unknown, host: ArgumentsHost): Observable<never> | void {
    const problem = toProblem(error);
    if (problem.code === 'internal') this.logger.error(error);
    if (host.getType() === 'rpc') return throwError(() => encodeProblem(problem));
    const http = host.switchToHttp();
    sendProblem(http.getResponse(), this.orMethodNotAllowed(problem, http.getRequest()));
  }

  /** A path that exists for other methods is 405, which Fastify does not tell apart from 404. */
  private orMethodNotAllowed(problem: Problem, request: FastifyRequest): Problem {
    if (problem.code !== 'not-found' || request.routeOptions.url !== undefined) return problem;
    const methods = this.routes.methodsOf(request.url);
    if (methods.length === 0) return problem;
    const allow = methods.join(', ');
    return new Problem('method-not-allowed', `This path answers ${allow}.`, [], { Allow: allow });
  }
}

export const sendProblem = (reply: FastifyReply, problem: Problem): void => {
  void reply
    .status(problem.status)
    .headers({ ...problem.headers, 'cache-control': 'no-store' })
    .type('application/problem+json')
    .send(problemBody(problem));
};
