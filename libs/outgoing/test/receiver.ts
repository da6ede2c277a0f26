import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** What a receiver does once a whole request is there. */
type Reaction = (socket: Socket, request: string) => void;

const LENGTH = /\r\ncontent-length: (\d+)\r\n/i;

const isWhole = (text: string): boolean => {
  const end = text.indexOf('\r\n\r\n');
  return end >= 0 && text.length >= end + 4 + Number(LENGTH.exec(text)?.[1] ?? 0);
};

/** A listener on this machine that does as it is told, also what no server does. */
export class Receiver {
  readonly requests: string[] = [];
  readonly sockets: Socket[] = [];

  private constructor(
    private readonly server: Server,
    private readonly react: Reaction,
  ) {
    server.on('connection', (socket: Socket) => {
      this.sockets.push(socket);
      socket.on('error', () => undefined);
    });
  }

  static async open(react: Reaction, { host = '127.0.0.1', tls }: { host?: string; tls?: TlsOptions } = {}) {
    const server = tls === undefined ? createServer() : createTlsServer(tls);
    const receiver = new Receiver(server, react);
    server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => receiver.listen(socket));
    server.on('tlsClientError', () => undefined);
    server.listen(0, host);
    await once(server, 'listening');
    return receiver;
  }

  private listen(socket: Socket): void {
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (!isWhole(text)) return;
      this.requests.push(text);
      this.react(socket, text);
      text = '';
    });
  }

  /** Says this as soon as somebody connects, and ends. */
  answerAtOnce(bytes: string | null): void {
    this.server.on('connection', (socket: Socket) => (bytes === null ? socket.end() : socket.end(bytes)));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hooks?a=b`;
  }

  /** How many connections were made to it. */
  get connections(): number {
    return this.sockets.length;
  }

  /** Until each connection that was made to it has ended. */
  async quiet(): Promise<void> {
    for (const socket of this.sockets) {
      if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
    }
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}

export const respond =
  (head: string, body = ''): Reaction =>
  (socket) =>
    socket.write(`HTTP/1.1 ${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);

export const ok: Reaction = respond('200 OK', 'fine');
