import type { Metadata } from '@grpc/grpc-js';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { Answer } from './call.js';
import { noteReplyPosition } from './grpc-interceptor.js';
import { operationOf } from './operation-definition.js';
import { asMessage } from './message-form.js';

/** Sends the body of an Answer, and what travels beside it as headers (HTTP) or trailing metadata (gRPC). */
@Injectable()
export class AnswerInterceptor implements NestInterceptor<Answer<unknown>, unknown> {
  intercept(context: ExecutionContext, next: CallHandler<Answer<unknown>>): Observable<unknown> {
    if (operationOf(context.getHandler()) === undefined) return next.handle();
    return next.handle().pipe(
      map((answer) => {
        if (context.getType() === 'http') {
          const reply = context
            .switchToHttp()
            .getResponse<FastifyReply>()
            .header('keyledger-position', answer.position);
          if (answer.revision !== undefined) void reply.header('etag', `"${answer.revision}"`);
          return answer.body;
        }
        noteReplyPosition(context.getArgByIndex<Metadata>(1), answer.position);
        return asMessage(answer.body);
      }),
    );
  }
}
