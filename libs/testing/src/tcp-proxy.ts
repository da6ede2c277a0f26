import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/** How the network behaves: `no-replies` carries what is sent, but loses every answer; `frozen` carries nothing. */
type Behaviour = 'open' | 'no-replies' | 'frozen' | 'refusing';

/** Stands between clients and one server, so that tests can lose replies and connections. */
export class TcpProxy {
  behaviour: Behaviour = 'open';
  /** How many connections it has refused. */
  refused = 0;
  #toRefuse = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(private readonly target: URL) {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async before(url: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(url));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    const url = new URL(this.target);
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Cuts, and refuses the next `attempts` to connect. */
  interrupt(attempts: number): void {
    this.#toRefuse = attempts;
    this.cut();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(client: Socket): void {
    if (this.behaviour === 'refusing' || this.#toRefuse > 0) {
      this.#toRefuse -= 1;
      this.refused += 1;
      return void client.destroy();
    }
    const server = connect(Number(this.target.port), this.target.hostname);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.setNoDelay(true); // Small messages must not wait for the acknowledgement of the ones before.
      this.#sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.on('data', (bytes) => {
        const lost = this.behaviour === 'frozen' || (this.behaviour === 'no-replies' && from === server);
        if (!lost && !to.destroyed) to.write(bytes);
      });
    }
  }
}
