import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Logger } from 'nestjs-pino';
import { throwError, type Observable } from 'rxjs';
import { encodeProblem } from '../grpc/grpc-status.js';
import { noteEarlyCaller } from '../observing/request-log.js';
import { namesOf } from '../operation/call.js';
import { Problem, problemBody, toProblem } from '../operation/problem.js';

/** The routes that exist, to tell a wrong method (405) from a wrong path (404). */
export class RouteTable {
  private readonly routes: { readonly method: string; readonly pattern: RegExp }[] = [];

  /** `hint` tells who asks for a path that is none where to look. */
  constructor(private readonly hint = '') {}

  add(methods: string | readonly string[], path: string): void {
    const source = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:\w+/g, '[^/]+');
    const pattern = new RegExp(`^${source}$`);
    for (const method of [methods].flat()) this.routes.push({ method, pattern });
  }

  /** What to say of a request for which there is no route. */
  refusal(url: string): Problem {
    // As the router does, which leaves encoded slashes encoded.
    const path = decodeURI(url.split('?')[0] ?? '');
    const found = this.routes.filter(({ pattern }) => pattern.test(path));
    if (found.length === 0) return new Problem('not-found', `There is no such route.${this.hint}`);
    const allow = [...new Set(found.map(({ method }) => method))].join(', ');
    return new Problem('method-not-allowed', `This path answers ${allow}.`, [], { Allow: allow });
  }
}

/** Turns every error into a problem of the contract, for both doors. */
@Catch()
export class ProblemsFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): Observable<never> | void {
    const problem = toProblem(error);
    if (problem.code === 'internal') this.logger.error(error);
    // The first is the request over HTTP, the second the metadata of a call.
    if (problem.code === 'position-not-reached')
      noteEarlyCaller(host.getArgByIndex<object>(host.getType() === 'rpc' ? 1 : 0));
    if (host.getType() === 'rpc') return throwError(() => encodeProblem(problem, namesOf(host.getArgByIndex(1))));
    sendProblem(host.switchToHttp().getResponse(), problem);
  }
}

export const sendProblem = (reply: FastifyReply, problem: Problem): void => {
  void reply
    .status(problem.status)
    .headers({ ...problem.headers, 'cache-control': 'no-store' })
    .type('application/problem+json')
    .send(problemBody(problem));
};
