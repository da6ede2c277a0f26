import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const NEW_SOCKET = 'net.client.socket';

/**
 * Interrupts connections of this process at their own end. Unlike a proxy it needs no other address, so it also works
 * with certificates, and with clusters whose nodes name each other.
 */
export class OwnSockets {
  #toRefuse = 0;
  readonly #sockets = new Set<Socket>();
  readonly #onSocket = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    this.#toRefuse -= 1;
    if (this.#toRefuse >= 0) return void setImmediate(() => socket.destroy(new Error('interrupted by the test')));
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
  };

  /** Those that `connect` opens are interrupted later, and no others that were there before. */
  static async of<Result>(connect: () => Promise<Result>): Promise<{ result: Result; sockets: OwnSockets }> {
    const sockets = new OwnSockets();
    subscribe(NEW_SOCKET, sockets.#onSocket);
    return { result: await connect(), sockets };
  }

  get count(): number {
    return this.#sockets.size;
  }

  /** Cuts all, and refuses the next `attempts` to connect. */
  interrupt(attempts: number): void {
    this.#toRefuse = attempts;
    for (const socket of this.#sockets) socket.destroy();
  }

  forget(): void {
    unsubscribe(NEW_SOCKET, this.#onSocket);
  }
}
