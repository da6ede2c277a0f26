import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { MAX_BODY_BYTES } from './json-bodies.js';

/** How long a caller has to read an answer that came before its request was there. */
const LINGER_MS = 2_000;

/** The latest answer on a connection to a request that has a body. */
const answers = new WeakMap<Socket, ServerResponse>();

/** Whether the request under way has its answer, or the head of it, so that no other one may follow. */
export const isAnswered = (socket: Socket): boolean => {
  const answer = answers.get(socket);
  return answer?.headersSent === true && !answer.req.complete;
};

/**
 * Ends a connection on which the caller may still be sending. To close it at once could cost the caller its answer:
 * what comes after that is refused by the system, and callers who are refused throw away what they have not read yet.
 * So the answer is ended, a little of the rest is taken and thrown away, then nothing more, and soon all is closed.
 */
const linger = (socket: Socket): void => {
  const takenBefore = socket.bytesRead;
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(timer));
  // Node's parser would take all that comes, for as long as it does.
  socket.removeAllListeners('data');
  socket.on('data', () => {
    if (socket.bytesRead - takenBefore > MAX_BODY_BYTES) socket.pause();
  });
  socket.end();
};

/** To be told of every server once, before it listens. */
export const boundConnections = (server: Server): void => {
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    // What Node calls after the last answer on a connection.
    const destroySoon = socket.destroySoon.bind(socket);
    socket.destroySoon = () => (isAnswered(socket) ? linger(socket) : destroySoon());
  });
};

/** As far as the head tells. */
const isSmall = ({ headers }: IncomingMessage): boolean => Number(headers['content-length']) <= MAX_BODY_BYTES;

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;

/**
 * Strangers are answered before their body is read. Of a small one Node throws away the rest, and the connection stays,
 * as gateways need it that send a body where none is asked for; behind any other the answer is the last.
 */
export const boundBody = (request: IncomingMessage, response: ServerResponse): void => {
  if (!hasBody(request)) return;
  answers.set(request.socket, response);
  if (isSmall(request)) return;
  const { shouldKeepAlive } = response;
  response.shouldKeepAlive = false;
  request.once('end', () => (response.shouldKeepAlive = shouldKeepAlive));
};
