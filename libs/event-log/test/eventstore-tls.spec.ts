import { firstEvent, startEsdbNode, type EsdbNode } from '@keyledger/testing';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { NO_STREAM, openEventStoreEventLog } from '../src/index.js';
import { anEvent } from './events.js';

type NamedSocket = TLSSocket & { readonly servername?: string | false };

describe('TLS to EventStoreDB', () => {
  let dir: string;
  let plain: EsdbNode;
  let makerOfCertificates: EsdbNode;
  /** What ends TLS before the plain node, on every address of this machine. */
  let front: Server;
  /** Of each connection; false where it was made without one. */
  const serverNames: unknown[] = [];

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'keyledger-tls-'));
    plain = await startEsdbNode();
    makerOfCertificates = await startEsdbNode({ tls: { dir } });
    const [cert, key] = await Promise.all(['node.crt', 'node.key'].map((name) => readFile(join(dir, name))));
    front = createServer({ cert, key, ALPNProtocols: ['h2'] }, (socket: NamedSocket) => {
      serverNames.push(socket.servername);
      const inner = connect(plain.port, plain.host).on('error', () => undefined);
      socket.on('error', () => inner.destroy()).pipe(inner);
      inner.pipe(socket).on('close', () => inner.destroy());
    }).listen(0, '::');
    await once(front, 'listening');
  });

  beforeEach(() => serverNames.splice(0));

  afterAll(async () => {
    front.close();
    await Promise.all([plain.stop(), makerOfCertificates.stop()]);
    await rm(dir, { recursive: true });
  });

  const port = (): number => (front.address() as AddressInfo).port;
  const open = (host: string) =>
    openEventStoreEventLog({
      firstEvent,
      url: `esdb://${host}:${port()}?tlsCAFile=${encodeURIComponent(join(dir, 'ca.crt'))}`,
      streams: 'thing-.+',
    });

  it.each([
    ['a name', 'localhost', 'localhost'],
    ['an IPv4 address, of which it makes no server name', '127.0.0.1', false],
    ['an IPv6 address, of which it makes no server name', '[::1]', false],
  ])('is spoken with %s that the certificate holds', async (_, host, serverName) => {
    const log = await open(host);
    const outcome = await log.append(`thing-${await log.head()}`, NO_STREAM, [anEvent()]);
    expect(outcome).toMatchObject({ kind: 'ok' });
    expect(new Set(serverNames)).toEqual(new Set([serverName]));
    await log.close();
  });

  it('is refused with an address that the certificate does not hold', async () => {
    await expect(open('127.0.0.2')).rejects.toThrow(/127\.0\.0\.2.*the certificate is for another name/);
    expect(serverNames).toEqual([]);
  });

  it('is spoken with the leader whose address a follower names', async () => {
    const followerOf = { host: '127.0.0.1', port: port() };
    const follower = await startEsdbNode({ host: 'localhost', tls: { dir }, followerOf });
    const log = await openEventStoreEventLog({ firstEvent, url: follower.url, streams: 'thing-.+' });
    expect(await log.head()).toContain(log.logId);
    expect(new Set(serverNames)).toEqual(new Set([false]));
    await log.close();
    await follower.stop();
  });
});
