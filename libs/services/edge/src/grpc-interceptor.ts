import { Metadata, ServerInterceptingCall, status, type ServerInterceptor } from '@grpc/grpc-js';
import { encodeProblem, STATUS_DETAILS } from './grpc-status.js';
import { Problem } from './problem.js';

/** Nest's gRPC handlers cannot set trailing metadata, so it is kept here until the status is sent. */
const replyPositions = new WeakMap<Metadata, string>();

export const noteReplyPosition = (requestMetadata: Metadata, position: string): void => {
  replyPositions.set(requestMetadata, position);
};

/** What grpc-js refuses by itself, before any handler runs, in the words of our contract. */
const ownRefusal = (code: status, details: string): Problem | undefined => {
  if (code === status.INTERNAL && details.includes('deserializing request')) {
    return new Problem('malformed-request', 'The request message cannot be decoded as the type that the RPC takes.');
  }
  if (code === status.RESOURCE_EXHAUSTED) return new Problem('too-large', 'The request message is too large.');
  return undefined;
};

/** Adds `keyledger-position` to what succeeds, and error details to what grpc-js itself refuses. */
export const grpcInterceptor: ServerInterceptor = (_method, call) => {
  let request: Metadata | undefined;
  return new ServerInterceptingCall(call, {
    start: (next) =>
      next({
        onReceiveMetadata: (metadata, forward) => {
          request = metadata;
          forward(metadata);
        },
      }),
    sendStatus: (sent, next) => {
      const metadata = sent.metadata ?? new Metadata();
      const position = request === undefined ? undefined : replyPositions.get(request);
      if (position !== undefined) metadata.set('keyledger-position', position);
      const refusal = metadata.get(STATUS_DETAILS).length === 0 ? ownRefusal(sent.code, sent.details) : undefined;
      next(refusal === undefined ? { ...sent, metadata } : encodeProblem(refusal));
    },
  });
};
