import { Metadata, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { Answer } from '../operation/call.js';
import { asMessage } from './message-form.js';

/** Sends the body of an Answer as a message, and its position as trailing metadata `keyledger-position`. */
export const grpcInterceptor: ServerInterceptor = (_method, call) => {
  let position: string | undefined;
  return new ServerInterceptingCall(call, {
    sendMessage: (message: unknown, next) => {
      if (!(message instanceof Answer)) return next(message);
      position = message.position;
      next(asMessage(message.body));
    },
    sendStatus: (sent, next) => {
      const metadata = sent.metadata ?? new Metadata();
      if (position !== undefined) metadata.set('keyledger-position', position);
      next({ ...sent, metadata });
    },
  });
};
