import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { ipBlock, isInBlocks } from '../src/index.js';

const inBlock = (ip: string, cidr: string): boolean => isInBlocks(ip, [ipBlock(cidr)]);

it.each([
  ['192.0.2.255', '192.0.2.0/24', true],
  ['192.0.3.0', '192.0.2.0/24', false],
  ['192.0.2.1', '192.0.2.1/32', true],
  ['192.0.2.2', '192.0.2.1/32', false],
  ['255.255.255.255', '0.0.0.0/0', true],
  ['::1', '0.0.0.0/0', false],
  ['2001:db8:ffff::1', '2001:db8::/32', true],
  ['2001:db9::', '2001:db8::/32', false],
  ['2001:DB8::1', '2001:db8::1/128', true],
  ['::ffff:10.1.2.3', '10.0.0.0/8', true],
  ['::ffff:a01:203', '10.0.0.0/8', true],
  ['10.1.2.3', '::ffff:10.0.0.0/104', true],
  ['::10.1.2.3', '10.0.0.0/8', false],
  ['1:2:3:4:5:6:7:8', '::/0', true],
  ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304/128', true],
])('%s in %s: %s', (ip, cidr, expected) => {
  expect(inBlock(ip, cidr)).toBe(expected);
});

it.each([
  ...[
    '',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '1.2.3.256',
    '1.2.3.-4',
    '1.2.3.4 ',
    '0x1.2.3.4',
    '1.2.3.4:80',
    '1e1.2.3.4',
  ],
  ...[
    '::1%eth0',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '12345::',
    '[::1]',
    ':1',
  ],
  ...['1.2.3.4::', '::1.2.3', '::g', 'localhost', '1:2:3:4:5:6:7:1.2.3.4'],
])('%j is no address', (text) => {
  expect(isInBlocks(text, [ipBlock('0.0.0.0/0'), ipBlock('::/0')])).toBe(false);
  expect(isIP(text.replace(/%.*/, '%'))).toBe(0);
});

it.each(['', '1.2.3.4', '1.2.3.4/33', '::/129', '1.2.3.4/x', '1.2.3.4/', 'x/8', '::/-1'])(
  '%j is a block that holds nothing',
  (cidr) => {
    expect(['1.2.3.4', '::', '0.0.0.0'].some((ip) => inBlock(ip, cidr))).toBe(false);
  },
);

/** Few different groups, so that addresses and blocks often agree for a while. */
const group = fc.constantFrom('0', '1', 'ffff', '8000', 'db8');
const ipv6 = fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':'));
const octet = fc.constantFrom('0', '1', '127', '128', '255');
const ipv4 = fc.array(octet, { minLength: 4, maxLength: 4 }).map((octets) => octets.join('.'));

it('agrees with the platform about any block of either family', () => {
  fc.assert(
    fc.property(fc.oneof(ipv4, ipv6), fc.oneof(ipv4, ipv6), fc.nat(128), (ip, network, length) => {
      const family = isIP(network) === 4 ? 'ipv4' : 'ipv6';
      const bits = family === 'ipv4' ? length % 33 : length;
      const list = new BlockList();
      list.addSubnet(network, bits, family);
      const expected = isIP(ip) === isIP(network) && list.check(ip, family);
      // An IPv4 address is an IPv6 one here, which the platform keeps apart.
      fc.pre(isIP(ip) === isIP(network));
      expect(inBlock(ip, `${network}/${bits}`)).toBe(expected);
    }),
    { numRuns: 5_000 },
  );
});
