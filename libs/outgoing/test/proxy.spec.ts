import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { CertificateAuthority } from '@keyledger/testing';
import { Sender } from '../src/index.js';
import { PUBLIC, PUBLIC_V6 } from './addresses.js';
import { ok, Receiver, respond } from './receiver.js';

let directory: string;
let ca: string;
let tls: TlsOptions;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'keyledger-proxy-'));
  const authority = await CertificateAuthority.make(directory);
  ca = await readFile(authority.cert, 'utf8');
  const { cert, key } = await authority.issue('hooks', { names: `DNS:hooks.example.com,IP:${PUBLIC_V6}` });
  tls = { cert: await readFile(cert), key: await readFile(key) };
});
afterAll(() => rm(directory, { recursive: true, force: true }));

let receiver: Receiver;
let proxy: Receiver;
let sender: Sender;
beforeEach(async () => {
  receiver = await Receiver.open(ok, { tls });
});
afterEach(async () => {
  await sender.close();
  receiver.close();
  proxy.close();
});

/** A proxy that connects to the receiver whatever it is asked for, but to addresses of which it knows no way. */
const openProxy = (unreachable: readonly string[] = []): Promise<Receiver> =>
  Receiver.open((socket, request) => {
    const isUnreachable = unreachable.some((address) => request.startsWith(`CONNECT ${address} `));
    if (isUnreachable) return respond('502 Bad Gateway')(socket, request);
    const behind = connect(receiver.port, '127.0.0.1', () => {
      socket.removeAllListeners('data');
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(behind).pipe(socket);
    });
    behind.on('error', () => socket.destroy());
    socket.on('close', () => behind.destroy());
  });

interface Wish {
  readonly user?: string;
  readonly addresses?: readonly string[];
  readonly deadlineMs?: number;
}

const open = ({ user = '', addresses = [PUBLIC], deadlineMs = 60_000 }: Wish = {}): void => {
  const settings = { allowLoopback: true, ports: [], proxy: `http://${user}127.0.0.1:${proxy.port}` };
  sender = new Sender(settings, { ca, deadlineMs, resolve: async () => addresses });
};

const post = (url = 'https://hooks.example.com/') => sender.send(url, {}, '{}');
const asked = (): readonly string[] => proxy.requests.map((request) => request.split('\r\n')[0] ?? '');

it('is asked for the address that was checked, and sees nothing of what is sent', async () => {
  proxy = await openProxy();
  open();
  expect(await post()).toMatchObject({ outcome: 'answered', status: 200, body: 'fine' });
  expect(asked()).toEqual([`CONNECT ${PUBLIC}:443 HTTP/1.1`]);
  expect(proxy.requests.join('')).not.toContain('hooks.example.com');
  expect(receiver.requests[0]).toContain('\r\nhost: hooks.example.com\r\n');
});

it('is asked for an address of IPv6 and another port', async () => {
  proxy = await openProxy();
  open();
  expect(await post(`https://[${PUBLIC_V6}]:8443/`)).toMatchObject({ outcome: 'answered' });
  expect(asked()).toEqual([`CONNECT [${PUBLIC_V6}]:8443 HTTP/1.1`]);
});

it('is asked for the next address where it has no way to one', async () => {
  proxy = await openProxy([`${PUBLIC}:443`]);
  open({ addresses: [PUBLIC, PUBLIC_V6] });
  expect(await post()).toMatchObject({ outcome: 'answered' });
  expect(asked()).toHaveLength(2);
});

it('is told who asks', async () => {
  proxy = await openProxy();
  open({ user: 'hooks:p%40ss@' });
  expect(await post()).toMatchObject({ outcome: 'answered' });
  const expected = `proxy-authorization: Basic ${Buffer.from('hooks:p@ss').toString('base64')}`;
  expect(proxy.requests[0]).toContain(`\r\n${expected}\r\n`);
  expect(receiver.requests[0]).not.toContain('proxy-authorization');
});

it('is not asked for what must not be called, nor for this machine', async () => {
  proxy = await openProxy();
  open({ addresses: ['10.0.0.1'] });
  expect(await post()).toMatchObject({ outcome: 'refused-address' });
  const here = await Receiver.open(ok);
  expect(await post(here.url)).toMatchObject({ outcome: 'answered' });
  expect(proxy.connections).toBe(0);
  here.close();
});

it.each([
  ['502 Bad Gateway', 'connection-failed'],
  ['504 Gateway Timeout', 'connection-failed'],
  ['407 Proxy Authentication Required', 'proxy-failed'],
  ['403 Forbidden', 'proxy-failed'],
  ['302 Found\r\nlocation: http://127.0.0.1/', 'proxy-failed'],
])('that answers %s: %s', async (head, outcome) => {
  proxy = await Receiver.open(respond(head));
  open();
  expect(await post()).toMatchObject({ outcome, status: null, body: '' });
});

it.each([
  ['ends', (socket: { end(): void }) => void socket.end()],
  ['talks nonsense', (socket: { end(text: string): void }) => void socket.end('what?\r\n\r\n')],
])('that %s fails as a proxy', async (_, react) => {
  proxy = await Receiver.open(react);
  open();
  expect(await post()).toMatchObject({ outcome: 'proxy-failed' });
});

it('that is not there fails as a proxy', async () => {
  proxy = await openProxy();
  open();
  proxy.close();
  expect(await post()).toMatchObject({ outcome: 'proxy-failed' });
});

it('that is silent is given up in time', async () => {
  proxy = await Receiver.open(() => undefined);
  open({ deadlineMs: 200 });
  expect(await post()).toMatchObject({ outcome: 'timeout' });
  await proxy.quiet();
});

it('leads to a receiver whose certificate counts as ever', async () => {
  proxy = await openProxy();
  open();
  expect(await post('https://other.example.com/')).toMatchObject({ outcome: 'tls-failed' });
  expect(receiver.requests).toEqual([]);
});
