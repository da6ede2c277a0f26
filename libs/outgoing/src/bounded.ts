import type { Socket } from 'node:net';
import { ConnectFailure } from './answer.js';

/**
 * Four times the body that is read: headers, early hints and the frames of chunks fit in. Only a body in chunks of one
 * byte may need more. It loses its end then, but not its status, which came before.
 */
const MOST_READ = 262_144;

/**
 * Ends the connection once more than this was read since the last request. Early hints, empty lines, a reason or
 * extensions of chunks may have no end, and a limit on headers and on the body does not count them.
 *
 * To be called before anybody else listens to the socket, so that it looks before anything is parsed.
 */
export const bounded = (socket: Socket): Socket => {
  let written = socket.bytesWritten;
  let read = socket.bytesRead;
  let readBefore = read;
  return socket.on('readable', () => {
    if (socket.bytesWritten !== written) readBefore = read;
    written = socket.bytesWritten;
    read = socket.bytesRead;
    if (read - readBefore > MOST_READ) socket.destroy(new ConnectFailure('bad-answer'));
  });
};
