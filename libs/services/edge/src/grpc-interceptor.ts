import { Metadata, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';

/** Nest's gRPC handlers cannot set trailing metadata, so it is kept here until the status is sent. */
const replyPositions = new WeakMap<Metadata, string>();

export const noteReplyPosition = (requestMetadata: Metadata, position: string): void => {
  replyPositions.set(requestMetadata, position);
};

/** Adds `keyledger-position` to what succeeds. */
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
      next({ ...sent, metadata });
    },
  });
};
