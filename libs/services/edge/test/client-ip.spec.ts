import 'reflect-metadata';
import { join } from 'node:path';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { Module } from '@nestjs/common';
import type { Slice } from '../src/index.js';
import { serve } from './serving.js';
import { clientIpBehind, endClientBehind } from '../src/access/client-ip.js';

const clientIp = clientIpBehind(['10.0.0.0/8', '2001:db8:1::/48', '192.0.2.7', '::ffff:198.18.0.0/111', 'fe80::2']);

const ask = (peer: string | undefined, headers: Readonly<Record<string, string>>): string | null =>
  clientIp(peer, (name) => headers[name]);

describe('the end client of a gateway', () => {
  const endClient = endClientBehind(['10.0.0.0/8']);

  type Headers = Readonly<Record<string, string>>;
  const told = (ip: string | null) => ({ ip, isForwarded: true });
  const notTold = (ip: string) => ({ ip, isForwarded: false });

  it.each<readonly [string, string, Headers, ReturnType<typeof told>]>([
    ['is the last hop that is no proxy', '10.0.0.1', { 'x-forwarded-for': '1.1.1.1, 9.9.9.9' }, told('9.9.9.9')],
    ['is not told by Forwarded', '10.0.0.1', { 'x-forwarded-for': '9.9.9.9', forwarded: 'for=x' }, told('9.9.9.9')],
    ['is not told by Forwarded alone', '10.0.0.1', { forwarded: 'for=9.9.9.9' }, notTold('10.0.0.1')],
    ['is unknown where a proxy names no address', '10.0.0.1', { 'x-forwarded-for': '9.9.9.9, unknown' }, told(null)],
    ['is the peer where we do not trust that', '192.0.2.1', { 'x-forwarded-for': '9.9.9.9' }, notTold('192.0.2.1')],
  ])('%s', (_, peer, headers, expected) => {
    expect(endClient(peer, (name) => headers[name])).toEqual(expected);
  });
});

describe('the client of a request', () => {
  it.each<readonly [string, string, string, string]>([
    ['is the rightmost hop that is no proxy of ours', '10.0.0.1', '198.51.100.1, 203.0.113.5, 10.2.3.4', '203.0.113.5'],
    ['is not what it claims itself', '10.0.0.1', '127.0.0.1, 203.0.113.5', '203.0.113.5'],
    ['is the peer where that is no proxy of ours', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['is the peer where nothing was forwarded', '10.0.0.1', '', '10.0.0.1'],
    ['is the first of our own hops where all are', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['may have a port', '10.0.0.1', '203.0.113.5:4711', '203.0.113.5'],
    ['may be of IPv6', '2001:db8:1::9', '2001:DB8:2:0:0::1', '2001:db8:2::1'],
    ['may be of IPv6 with a port', '10.0.0.1', '[2001:db8:2::1]:443', '2001:db8:2::1'],
    ['is of IPv4 where IPv6 carries it', '::ffff:10.0.0.1', '::ffff:203.0.113.5', '203.0.113.5'],
    ['is behind a proxy of a block that IPv6 carries', '198.19.0.1', '203.0.113.5', '203.0.113.5'],
    ['is the proxy that names no address', '10.0.0.1', '203.0.113.5, unknown, 10.0.0.2', '10.0.0.2'],
    ['is the proxy that names nonsense', '192.0.2.7', '203.0.113.5, 1', '192.0.2.7'],
    ['is the proxy that names an address with a zone', '10.0.0.1', '203.0.113.5, fe80::1%eth0', '10.0.0.1'],
    ['is the proxy that names one with a zone that is odd', '10.0.0.1', '::1%a-b', '10.0.0.1'],
    ['is the proxy that names one with a zone that is nearly none', '10.0.0.1', 'fe80::1%-', '10.0.0.1'],
    ['is the proxy that names one with a zone and a port', '10.0.0.1', '[fe80::1%a-b]:80', '10.0.0.1'],
    ['is of IPv6 where IPv4 stands in it and is not mapped', '10.0.0.1', '::203.0.113.5', '::cb00:7105'],
    ['is behind no proxy that only ends as one of ours', '::10.0.0.1', '203.0.113.5', '::a00:1'],
    ['may be a neighbour', 'fe80::1%eth0', '198.51.100.1', 'fe80::1'],
    ['may be behind a neighbour that is ours', 'fe80::2%a-b', '203.0.113.5', '203.0.113.5'],
    ['is found across empty hops', '10.0.0.1', '203.0.113.5, , 10.0.0.2,', '203.0.113.5'],
  ])('%s', (_, peer, forwarded, expected) => {
    expect(ask(peer, forwarded === '' ? {} : { 'x-forwarded-for': forwarded })).toBe(expected);
  });

  it.each<readonly [string, string, string]>([
    ['one hop', 'for=203.0.113.5', '203.0.113.5'],
    ['several hops', 'for=198.51.100.1, For=203.0.113.5;proto=https, by=x;for=10.0.0.2', '203.0.113.5'],
    ['IPv6 in brackets and quotes', 'for="[2001:db8:cafe::17]:4711"', '2001:db8:cafe::17'],
    ['a comma and an escape in a quoted text', 'for=203.0.113.5;host="a,b;\\"for=1.1.1.1"', '203.0.113.5'],
    ['an escaped address', 'for="203.0.113\\.5"', '203.0.113.5'],
    ['a hidden name', 'for=203.0.113.5, for=_hidden, for=10.0.0.2', '10.0.0.2'],
    ['an address with a zone', 'for=203.0.113.5, for="[fe80::1%a-b]"', '10.0.0.1'],
    ['an unknown hop', 'for=203.0.113.5, for=unknown', '10.0.0.1'],
    ['a hop that does not say for whom', 'for=203.0.113.5, proto=https', '10.0.0.1'],
    ['a quote without end', 'for="203.0.113.5', '10.0.0.1'],
    ['no pair at all', '203.0.113.5', '10.0.0.1'],
  ])('by Forwarded: %s', (_, forwarded, expected) => {
    expect(ask('10.0.0.1', { forwarded })).toBe(expected);
  });

  it('is the proxy where the two headers disagree, as one of them was not written by it', () => {
    expect(ask('10.0.0.1', { 'x-forwarded-for': '203.0.113.5', forwarded: 'for=203.0.113.5' })).toBe('203.0.113.5');
    expect(ask('10.0.0.1', { 'x-forwarded-for': '203.0.113.5', forwarded: 'for=198.51.100.1' })).toBe('10.0.0.1');
  });

  it('is nobody where the connection has no address', () => {
    expect(ask(undefined, { forwarded: 'for=203.0.113.5' })).toBeNull();
  });

  it('is found in no time, whatever is forwarded', () => {
    const hostile = [
      `for="${'\\a'.repeat(8_000)}`,
      `${'for=a;'.repeat(3_000)}`,
      ' '.repeat(16_000),
      '='.repeat(16_000),
    ];
    for (const forwarded of hostile) expect(ask('10.0.0.1', { forwarded })).toBe('10.0.0.1');
  });
});

@Module({})
class NoModule {}

const where: Slice = {
  module: () => NoModule,
  routes: () => [
    {
      method: 'GET',
      path: '/toys/where',
      access: { open: 'it says what its caller knows' },
      handle: async (_request, _reply, { ip }) => JSON.stringify(ip),
    },
  ],
  services: () => [
    {
      name: 'toys.v1.Toys',
      protos: {
        files: [join(import.meta.dirname, 'protos/toys/v1/toys.proto')],
        includeDirs: [join(import.meta.dirname, 'protos')],
      },
      access: { open: 'it says what its caller knows' },
      handlers: { Check: async (_call, { ip }) => ({ text: ip }) },
    },
  ],
};

describe.each([
  ['a proxy that is trusted', '127.0.0.1', '203.0.113.5'],
  ['a peer that is not', '10.0.0.0/8', '127.0.0.1'],
])('through %s', (_, KEYLEDGER_TRUSTED_PROXIES, expected) => {
  it('both doors know the same client', async () => {
    const server = await serve([where], { KEYLEDGER_TRUSTED_PROXIES });
    const headers = { 'x-forwarded-for': '198.51.100.1, 203.0.113.5' };
    expect(await (await fetch(`${server.httpUrl}/toys/where`, { headers })).json()).toBe(expected);
    const client = new Client(server.grpcAddress, credentials.createInsecure());
    const metadata = new Metadata();
    metadata.set('x-forwarded-for', headers['x-forwarded-for']);
    const same = (bytes: Buffer): Buffer => bytes;
    const reply = await new Promise<Buffer | undefined>((resolve) =>
      client.makeUnaryRequest('/toys.v1.Toys/Check', same, same, Buffer.alloc(0), metadata, (_error, value) =>
        resolve(value),
      ),
    );
    client.close();
    await server.close();
    expect(reply?.toString()).toContain(expected);
  });
});
