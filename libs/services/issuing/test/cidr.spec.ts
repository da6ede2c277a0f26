import { BlockList, SocketAddress } from 'node:net';
import fc from 'fast-check';
import { canonicalCidr, mistakeInCidr } from '../src/cidr.js';

/** Printed with a failure, so that KEYLEDGER_TEST_SEED replays it. */
const seed = Number(process.env['KEYLEDGER_TEST_SEED'] ?? Date.now() % 2 ** 31);
const options = { seed, numRuns: 2_000, verbose: true };

describe('the form of an address block', () => {
  it.each([
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['::/0', '::/0'],
    ['2001:DB8:0:0:1:0:0:1/128', '2001:db8::1:0:0:1/128'],
    ['2001:db8:0:1:1:1:1:1/128', '2001:db8:0:1:1:1:1:1/128'],
    ['0001:0002:0003:0004:0005:0006:0007:0008/128', '1:2:3:4:5:6:7:8/128'],
    ['::1.2.3.4/128', '::102:304/128'],
    ['64:ff9b::192.0.2.1/128', '64:ff9b::c000:201/128'],
    ['::ffff:1.2.3.4/128', '1.2.3.4/32'],
    ['::FFFF:102:304/128', '1.2.3.4/32'],
    ['0:0:0:0:0:ffff:0102:0304/128', '1.2.3.4/32'],
    ['::ffff:1.2.3.0/120', '1.2.3.0/24'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
    // These hold other addresses as well.
    ['::fffe:0:0/95', '::fffe:0:0/95'],
    ['::/80', '::/80'],
    ['::ffff:0:0:0/96', '::ffff:0:0:0/96'],
  ])('of %s is %s', (given, expected) => {
    expect(mistakeInCidr(given)).toBeUndefined();
    expect(canonicalCidr(given)).toBe(expected);
    expect(canonicalCidr(expected)).toBe(expected);
  });

  it.each([
    ['192.0.2.1', 'has no prefix length: write 192.0.2.1/32'],
    ['2001:DB8::1', 'write 2001:db8::1/128'],
    ['192.0.2.1/24', 'has bits beyond its prefix: write 192.0.2.0/24'],
    ['2001:db8::1.2.3.4/64', 'write 2001:db8::/64'],
    ['::ffff:1.2.3.4/120', 'write 1.2.3.0/24'],
    ['::ffff:1.2.3.4', 'write 1.2.3.4/32'],
    ['::ffff:1.2.3.0/95', 'write ::fffe:0:0/95'],
    ['192.0.2.0/33', '0 to 32'],
    ['192.0.2.0/024', '0 to 32'],
    ['2001:db8::/129', '0 to 128'],
    ['2001:db8::/', '0 to 128'],
    ['2001:db8::/-1', '0 to 128'],
    ['fe80::1%eth0/128', 'is not an address block'],
    ['192.0.02.0/24', 'is not an address block'],
    ['0xC0.0.2.0/24', 'is not an address block'],
    ['192.0.2/24', 'is not an address block'],
    ['192.0.2.0/24/24', 'is not an address block'],
    ['[2001:db8::]/32', 'is not an address block'],
    ['2001:db8:::/32', 'is not an address block'],
    [' 192.0.2.0/24', 'is not an address block'],
    ['', 'is not an address block'],
  ])('is not that of %j, and the mistake is told', (given, mistake) => {
    expect(mistakeInCidr(given)).toContain(mistake);
  });
});

const ipv4 = fc.tuple(fc.ipV4(), fc.nat(32));
const group = fc.oneof(fc.constant(0), fc.nat(0xffff)).map((value) => value.toString(16));
/** Addresses with many zeros, IPv4-mapped and IPv4-compatible ones, in many ways of writing them. */
const ipv6 = fc.tuple(
  fc.oneof(
    fc.ipV6(),
    fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':')),
    fc.tuple(fc.constantFrom('::', '::ffff:', '::FFFF:', '64:ff9b::'), fc.ipV4()).map((parts) => parts.join('')),
  ),
  fc.nat(128),
);

const familyOf = (address: string): 'ipv4' | 'ipv6' => (address.includes(':') ? 'ipv6' : 'ipv4');

/** Whether Node's own parser, in C, reads both as one address, or as an IPv4 one and its IPv4-mapped one. */
const isSame = (left: string, right: string): boolean => {
  const list = new BlockList();
  list.addAddress(new SocketAddress({ address: left, family: familyOf(left) }));
  return list.check(right, familyOf(right));
};

/** Whether Node finds `address` in the block. */
const holds = (cidr: string, address: string): boolean => {
  const [network = '', bits] = cidr.split('/');
  const list = new BlockList();
  list.addSubnet(network, Number(bits), familyOf(network));
  return list.check(address, familyOf(address));
};

describe('over random addresses', () => {
  it('the form is that of the same address, and does not change again', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), ([address]) => {
        const single = `${address}/${familyOf(address) === 'ipv4' ? 32 : 128}`;
        expect(mistakeInCidr(single)).toBeUndefined();
        const [written = ''] = canonicalCidr(single).split('/');
        expect(isSame(address, written)).toBe(true);
        expect(canonicalCidr(canonicalCidr(single))).toBe(canonicalCidr(single));
      }),
      options,
    );
  });

  it('the block that a mistake advises holds the address, and is a block', () => {
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), ([address, bits]) => {
        const given = `${address}/${bits}`;
        const advised = mistakeInCidr(given)?.split('write ')[1] ?? canonicalCidr(given);
        expect(mistakeInCidr(advised)).toBeUndefined();
        expect(canonicalCidr(advised)).toBe(advised);
        // Node never finds an address in a block of /0.
        if (bits > 0) expect(holds(advised, address)).toBe(true);
      }),
      options,
    );
  });

  it('two ways to write one address have one form, and two addresses have two', () => {
    fc.assert(
      fc.property(ipv6, ipv6, ([left], [right]) => {
        expect(canonicalCidr(`${left}/128`) === canonicalCidr(`${right}/128`)).toBe(isSame(left, right));
      }),
      options,
    );
  });
});
