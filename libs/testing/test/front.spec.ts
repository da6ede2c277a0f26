import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Front } from '../src/esdb-node/front.js';

describe('the sockets of a node', () => {
  let inner: Server;
  let front: Front;

  beforeEach(async () => {
    inner = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
    await once(inner, 'listening');
    front = new Front('127.0.0.1', 0, () => (inner.address() as AddressInfo).port);
    await front.listen();
  });

  afterEach(() => {
    front.refuse();
    inner.close();
  });

  /** The front's end of the next connection. */
  const accepted = (): Promise<Socket> =>
    new Promise((resolve) => {
      const take = (message: unknown): void => {
        const { socket } = message as { readonly socket: Socket };
        if (socket.localPort !== front.port) return;
        unsubscribe('net.server.socket', take);
        resolve(socket);
      };
      subscribe('net.server.socket', take);
    });

  it('close when they are reset amid their end', async () => {
    const accepting = accepted();
    const client = connect(front.port, '127.0.0.1').on('error', () => undefined);
    const socket = await accepting;
    // Right after Node has begun to end it as well, and before it is done.
    socket.once('end', () => process.nextTick(() => process.nextTick(() => front.reset())));
    client.resume().end();
    await Promise.all([once(socket, 'close'), once(client, 'close')]);
    inner.close();
    await once(inner, 'close');
    // Node goes round for ever in its own end as long as there is one.
    expect(process.getActiveResourcesInfo()).not.toContain('TCPSocketWrap');
  });
});
