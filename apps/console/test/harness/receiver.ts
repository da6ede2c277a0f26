import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What has come to one path. */
interface Received {
  readonly id: string;
  readonly body: string;
}

/** A server of a customer, which takes webhooks, or refuses them. */
export class Receiver {
  private readonly received = new Map<string, Received[]>();
  /** By path. Where none is given, it thanks. */
  readonly answers = new Map<string, { readonly status: number; readonly body: string }>();

  private constructor(
    private readonly server: Server,
    private readonly url: string,
  ) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const receiver = new Receiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, reply) => {
      void text(request).then((body) => {
        const path = request.url ?? '';
        const { status, body: answer } = receiver.answers.get(path) ?? { status: 200, body: 'thank you' };
        const id = String(request.headers['webhook-id']);
        receiver.received.set(path, [...receiver.at(path), { id, body }]);
        reply.writeHead(status).end(answer);
      });
    });
    return receiver;
  }

  urlOf(path: string): string {
    return this.url + path;
  }

  at(path: string): readonly Received[] {
    return this.received.get(path) ?? [];
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
