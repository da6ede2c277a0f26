import type { ServerInterceptingCallInterface, ServerInterceptor } from '@grpc/grpc-js';

const MESSAGES_AHEAD = 16;

/**
 * Lets a call hand the next messages to its connection before the earlier ones are on their way, so that they travel
 * together: one at a time, a catch-up spends most of its time waiting.
 */
export const writeAhead: ServerInterceptor = (_method, call) => {
  let underWay = 0;
  const waiting: (() => void)[] = [];
  let atLast: (() => void) | undefined;
  const sendMessage: ServerInterceptingCallInterface['sendMessage'] = (message, callback) => {
    underWay += 1;
    if (underWay < MESSAGES_AHEAD) callback();
    else waiting.push(callback);
    call.sendMessage(message, () => {
      underWay -= 1;
      waiting.shift()?.();
      if (underWay === 0) atLast?.();
    });
  };
  return {
    sendMessage,
    start: (listener) => call.start(listener),
    sendMetadata: (metadata) => call.sendMetadata(metadata),
    sendStatus: (status) => {
      atLast = () => call.sendStatus(status);
      if (underWay === 0) atLast();
    },
    startRead: () => call.startRead(),
    getPeer: () => call.getPeer(),
    getDeadline: () => call.getDeadline(),
    getHost: () => call.getHost(),
    getAuthContext: () => call.getAuthContext(),
    getConnectionInfo: () => call.getConnectionInfo(),
    getMetricsRecorder: () => call.getMetricsRecorder(),
  } as ReturnType<ServerInterceptor>;
};
