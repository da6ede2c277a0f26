import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface HttpReply {
  readonly status: number;
  readonly body: string;
  /** Of the write, or of what was read; null where there is none. */
  readonly position: string | null;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * One keep-alive connection with one request under way at a time. It does the least that a client can do, because it
 * shares the machine with the server that it measures.
 */
export class HttpConnection {
  private received: Buffer = Buffer.alloc(0);
  private waiting: { readonly resolve: (reply: HttpReply) => void; readonly reject: (error: Error) => void } | null =
    null;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', (error) => this.waiting?.reject(error));
    socket.on('close', () => this.waiting?.reject(new Error('The server has closed the connection.')));
  }

  static async open(url: string): Promise<HttpConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new HttpConnection(socket);
  }

  request(text: string): Promise<HttpReply> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(text);
    });
  }

  close(): void {
    this.waiting = null;
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const headEnd = this.received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.received.toString('latin1', 0, headEnd);
    const [, length] = /content-length: (\d+)/i.exec(head) ?? [];
    if (length === undefined) this.fail('The reply has no Content-Length.');
    else this.takeBody(head, headEnd + HEAD_END.length, Number(length));
  }

  private takeBody(head: string, start: number, length: number): void {
    if (this.received.length < start + length) return;
    const body = this.received.toString('utf8', start, start + length);
    this.received = Buffer.alloc(0);
    const waiting = this.waiting;
    this.waiting = null;
    const [, position = null] = /keyledger-position: (\S+)/i.exec(head) ?? [];
    waiting?.resolve({ status: Number(head.slice(9, 12)), body, position });
  }

  private fail(message: string): void {
    this.waiting?.reject(new Error(message));
    this.waiting = null;
  }
}
