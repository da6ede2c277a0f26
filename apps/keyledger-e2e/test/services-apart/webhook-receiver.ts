import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of a customer. `failure` says how the first request with an id fails, if it does; the next one is taken. */
export class WebhookReceiver {
  /** How often each id came. */
  readonly received = new Map<string, number>();
  private readonly seen = new Set<string>();
  private readonly server = createServer((request, response) => {
    request.on('error', () => undefined);
    request.resume();
    request.on('end', () => {
      const id = String(request.headers['webhook-id']);
      const failure = this.seen.has(id) ? undefined : this.failure();
      this.seen.add(id);
      if (failure === 'reset') return void request.socket.resetAndDestroy();
      if (failure === 'error') return void response.writeHead(503).end('later');
      this.received.set(id, (this.received.get(id) ?? 0) + 1);
      return void response.end('taken');
    });
  });

  constructor(private readonly failure: () => 'reset' | 'error' | undefined = () => undefined) {}

  async listen(): Promise<string> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}
