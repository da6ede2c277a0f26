import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * The sockets that clients see. Behind them stands the gRPC server on a port of its own, which goes on while clients
 * are refused, reset or frozen: a frozen one is neither read from nor written to, as with a process that was stopped.
 */
export class Front {
  readonly host: string;
  #port: number;
  readonly #target: () => number;
  #server: Server | undefined;
  /** Each client's socket, and the one that leads on to the gRPC server. */
  readonly #pairs = new Map<Socket, Socket>();
  #frozen = false;

  constructor(host: string, port: number, target: () => number) {
    this.host = host;
    this.#port = port;
    this.#target = target;
  }

  get port(): number {
    return this.#port;
  }

  get isListening(): boolean {
    return this.#server !== undefined && !this.#frozen;
  }

  /** Listens, on the same port every time. */
  async listen(): Promise<void> {
    if (this.#server) return;
    const server = createServer((client) => this.#accept(client));
    server.listen(this.#port, this.host);
    await once(server, 'listening');
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Listens no more; connections that are there stay. */
  refuse(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  /** Resets every connection. */
  reset(): void {
    for (const client of [...this.#pairs.keys()]) this.#cut(client);
  }

  /** Resets the connection that the gRPC server knows by this address. */
  resetPeer(peer: string): void {
    for (const [client, inner] of this.#pairs) if (peer.endsWith(`:${inner.localPort}`)) this.#cut(client);
  }

  freeze(): void {
    this.#frozen = true;
    for (const pair of this.#pairs) for (const socket of pair) socket.pause();
  }

  thaw(): void {
    this.#frozen = false;
    for (const pair of this.#pairs) for (const socket of pair) socket.resume();
  }

  #accept(client: Socket): void {
    const inner = connect(this.#target(), '127.0.0.1');
    this.#pairs.set(client, inner);
    client.setNoDelay(true);
    inner.setNoDelay(true);
    this.#carry(client, inner);
    this.#carry(inner, client);
    if (this.#frozen) for (const socket of [client, inner]) socket.pause();
  }

  #carry(from: Socket, to: Socket): void {
    from.on('data', (bytes) => {
      if (!to.write(bytes)) from.pause();
    });
    to.on('drain', () => {
      if (!this.#frozen) from.resume();
    });
    from.on('end', () => to.end());
    // An error is followed by close.
    from.on('error', () => undefined);
    from.on('close', () => {
      to.destroy();
      this.#pairs.delete(from);
    });
  }

  #cut(client: Socket): void {
    this.#pairs.get(client)?.destroy();
    // Node cannot reset a socket that it is ending: its handle would never close, and keep Node itself from ending.
    if (client.writableEnded) client.destroy();
    else client.resetAndDestroy();
  }
}
