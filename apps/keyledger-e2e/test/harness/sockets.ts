import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection whose client has sent only `text`, and waits. */
export const openSocket = async (port: string, text: string): Promise<Socket> => {
  const socket = connect(Number(port), '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
};

/** What the server says on a connection until it closes or resets it. */
export const everythingFrom = async (socket: Socket): Promise<string> => {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString();
};

/** The text of a GET, as it goes over a connection. */
export const getRequest = (path: string, token: string): string =>
  `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n\r\n`;
