import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { CertificateAuthority } from '@keyledger/testing';
import { Sender, type SenderParts } from '../src/index.js';
import { PUBLIC, PUBLIC_V6 } from './addresses.js';
import { ok, Receiver } from './receiver.js';

const settings = { allowLoopback: false, ports: [], proxy: null };
const NAMES = `DNS:hooks.example.com,IP:${PUBLIC},IP:${PUBLIC_V6}`;

let directory: string;
let authority: CertificateAuthority;
let ca: string;
let tls: TlsOptions;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'keyledger-outgoing-'));
  authority = await CertificateAuthority.make(directory);
  ca = await readFile(authority.cert, 'utf8');
  tls = await certificate('hooks', { names: NAMES });
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const certificate = async (name: string, wish: Parameters<CertificateAuthority['issue']>[1]): Promise<TlsOptions> => {
  const { cert, key } = await authority.issue(name, wish);
  return { cert: await readFile(cert), key: await readFile(key) };
};

let receiver: Receiver;
let sender: Sender;
let dialled: string[];
afterEach(async () => {
  await sender.close();
  receiver.close();
});

/** To whichever address it is told, it connects to the receiver. */
const open = (parts: Partial<SenderParts> = {}): void => {
  dialled = [];
  const dial = (addresses: readonly string[]): Socket => {
    dialled.push(...addresses);
    return connect(receiver.port, '127.0.0.1');
  };
  sender = new Sender(settings, { ca, dial, resolve: async () => [PUBLIC], ...parts });
};

const post = (url = 'https://hooks.example.com/') => sender.send(url, {}, '{}');

it('keeps the name of the host for its header and its certificate', async () => {
  const names: (string | undefined)[] = [];
  const SNICallback: TlsOptions['SNICallback'] = (name, callback) => {
    names.push(name);
    callback(null);
  };
  receiver = await Receiver.open(ok, { tls: { ...tls, SNICallback } });
  open();
  expect(await post()).toMatchObject({ outcome: 'answered', status: 200, body: 'fine' });
  expect(names).toEqual(['hooks.example.com']);
  expect(receiver.requests[0]).toContain('\r\nhost: hooks.example.com\r\n');
  expect(dialled).toEqual([PUBLIC]);
});

it.each([
  [`https://${PUBLIC}/`, PUBLIC],
  [`https://[${PUBLIC_V6}]:8443/`, PUBLIC_V6],
])('calls %s, with a certificate for the address', async (url, address) => {
  receiver = await Receiver.open(ok, { tls });
  open();
  expect(await post(url)).toMatchObject({ outcome: 'answered', status: 200 });
  expect(dialled).toEqual([address]);
});

it('takes no other name of the caller for that of the certificate', async () => {
  receiver = await Receiver.open(ok, { tls: await certificate('other', { names: 'DNS:other.example.com' }) });
  open();
  const answer = await sender.send('https://hooks.example.com/', { host: 'other.example.com' }, '{}');
  expect(answer).toMatchObject({ outcome: 'tls-failed' });
});

it('takes no certificate of a name, or of another address, for an address', async () => {
  receiver = await Receiver.open(ok, {
    tls: await certificate('apart', { names: 'DNS:hooks.example.com,IP:1.1.1.1' }),
  });
  open();
  for (const host of [PUBLIC, `[${PUBLIC_V6}]`]) {
    expect(await post(`https://${host}/`)).toMatchObject({ outcome: 'tls-failed' });
  }
});

describe('a resolver that changes its mind', () => {
  it('changes nothing for the connections that there are, and makes none to the inside', async () => {
    const inside = await Receiver.open(ok);
    receiver = await Receiver.open(ok, { tls });
    const answers = [
      [PUBLIC],
      ['127.0.0.1'],
      [PUBLIC, '127.0.0.1'],
      ['::ffff:7f00:1'],
      ['169.254.169.254'],
      ['10.0.0.1'],
    ];
    let asked = 0;
    const resolve = async (): Promise<readonly string[]> => answers[asked++] ?? [];
    const connected: string[] = [];
    const dial = (addresses: readonly string[]): Socket => {
      connected.push(...addresses);
      return connect(addresses.includes(PUBLIC) ? receiver.port : inside.port, '127.0.0.1');
    };
    open({ resolve, dial });
    expect(await post()).toMatchObject({ outcome: 'answered' });
    for (let n = 0; n < 5; n += 1) {
      // On the connection that is kept, or refused on a new one.
      const { outcome } = await post();
      expect(['answered', 'refused-address']).toContain(outcome);
    }
    // Once that is gone a new one is needed, each time.
    for (const socket of receiver.sockets) socket.destroy();
    await receiver.quiet();
    while (asked < answers.length) {
      const { outcome } = await post();
      expect(['refused-address', 'connection-failed']).toContain(outcome);
    }
    expect(new Set(connected)).toEqual(new Set([PUBLIC]));
    expect(inside.connections).toBe(0);
    expect(receiver.connections).toBe(1);
    inside.close();
  });

  it('is asked once for each connection', async () => {
    receiver = await Receiver.open((socket) => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n'), { tls });
    let asked = 0;
    open({ resolve: async () => ((asked += 1), [PUBLIC]) });
    for (let n = 0; n < 5; n += 1) expect(await post()).toMatchObject({ outcome: 'answered' });
    expect([asked, receiver.connections]).toEqual([5, 5]);
  });
});

describe('a certificate', () => {
  it.each([
    ['that has ended', { names: NAMES, days: -1 }],
    ['for another name', { names: 'DNS:hooks.example.org' }],
    ['for the address behind the name alone', { names: `IP:${PUBLIC}` }],
    ['for clients', { names: NAMES, usage: 'clientAuth' }],
  ])('%s is not taken', async (name, wish) => {
    receiver = await Receiver.open(ok, { tls: await certificate(name.replaceAll(' ', '-'), wish) });
    open();
    expect(await post()).toMatchObject({ outcome: 'tls-failed', status: null, body: '' });
    expect(receiver.requests).toEqual([]);
  });

  it('of an authority that is not known is not taken', async () => {
    receiver = await Receiver.open(ok, { tls });
    open({ ca: undefined });
    expect(await post()).toMatchObject({ outcome: 'tls-failed' });
    expect(receiver.requests).toEqual([]);
  });

  it('is verified whatever the environment says', async () => {
    receiver = await Receiver.open(ok, { tls });
    open({ ca: undefined });
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect(await post()).toMatchObject({ outcome: 'tls-failed' });
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
  });
});

it.each([
  ['speaks no TLS', {}],
  ['speaks HTTP/2 alone', { ALPNProtocols: ['h2'] }],
  ['speaks an old version', { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }],
  ['wants a certificate of ours', { requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' }],
] as const)('says that TLS failed where a receiver %s', async (what, options) => {
  receiver = await Receiver.open(ok, what === 'speaks no TLS' ? {} : { tls: { ...tls, ...options } as TlsOptions });
  if (what === 'speaks no TLS') receiver.answerAtOnce('SSH-2.0-OpenSSH_9.2\r\n');
  open();
  expect(await post()).toMatchObject({ outcome: 'tls-failed', status: null });
});

it('gives up a receiver whose handshake takes too long', async () => {
  receiver = await Receiver.open(() => undefined);
  open({ deadlineMs: 200 });
  expect(await post()).toMatchObject({ outcome: 'timeout' });
  await receiver.quiet();
});

it('says that TLS failed where a receiver ends the handshake', async () => {
  receiver = await Receiver.open(ok);
  receiver.answerAtOnce(null);
  open();
  expect(await post()).toMatchObject({ outcome: 'tls-failed' });
});
