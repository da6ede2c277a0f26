import type { ServerUnaryCall } from '@grpc/grpc-js';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Call } from './call.js';
import { incomingOf } from './incoming.js';
import { operationOf } from './operation-definition.js';

const calls = new WeakMap<object, Call>();

/** The object that lives exactly as long as the request: Fastify's request, or the call of gRPC. */
const anchorOf = (context: ExecutionContext): object =>
  context.getType() === 'http'
    ? context.switchToHttp().getRequest<object>()
    : context.getArgByIndex<ServerUnaryCall<unknown, unknown>>(2);

export const keepCall = (context: ExecutionContext, call: Call): void => {
  calls.set(anchorOf(context), call);
};

const callOf = (context: ExecutionContext): Call => {
  const call = calls.get(anchorOf(context));
  if (call === undefined) throw new Error('This handler is not an operation: it needs the Operation decorator.');
  return call;
};

/** Parameter decorator: who asks, for what, with which conditions. */
export const FromCall = createParamDecorator((_: unknown, context: ExecutionContext): Call => callOf(context));

/** Parameter decorator: the body, or the query of a GET; validated by the class of the parameter. */
export const Input = createParamDecorator((_: unknown, context: ExecutionContext): unknown => {
  const operation = operationOf(context.getHandler());
  return operation === undefined ? {} : incomingOf(context, operation).input();
});
