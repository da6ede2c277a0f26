import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

const EXAMPLES = 'such as 192.0.2.0/24 or 2001:db8::/32';
const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,2})$/;

/** As the URL standard writes a host. ipaddr.js alone reads each address that ends in dots as an IPv4-mapped one. */
const inHexadecimal = (ipv6: string): string => new URL(`http://[${ipv6}]`).hostname.slice(1, -1);

/** The one form of an address: for IPv6 that of RFC 5952. */
const canonical = (address: string): string => (isIP(address) === 4 ? address : inHexadecimal(address));

/** An IPv4 address inside an IPv6 one (RFC 4291, 2.5.5.2), and the bits before it. */
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;
const MAPPED_BITS = 96;

const inDots = (group: string): string => `${parseInt(group, 16) >> 8}.${parseInt(group, 16) & 0xff}`;

/** The one form of a block. One of IPv4-mapped addresses is that of the IPv4 ones: verifiers tell them not apart. */
const written = (address: string, bits: number): string => {
  const [, high, low] = MAPPED.exec(canonical(address)) ?? [];
  return high === undefined || low === undefined || bits < MAPPED_BITS
    ? `${canonical(address)}/${bits}`
    : `${inDots(high)}.${inDots(low)}/${bits - MAPPED_BITS}`;
};

/** The address without the bits beyond the prefix. */
const networkOf = (address: string, bits: number): string => {
  const network =
    isIP(address) === 4
      ? ipaddr.IPv4.networkAddressFromCIDR(`${address}/${bits}`)
      : ipaddr.IPv6.networkAddressFromCIDR(`${inHexadecimal(address)}/${bits}`);
  return canonical(network.toString());
};

/** A zone (`fe80::1%eth0`) counts on one machine only. */
const isAddress = (text: string): boolean => isIP(text) !== 0 && !text.includes('%');

const mistakeInPrefix = (address: string, bits: string | undefined): string | undefined => {
  const most = isIP(address) === 4 ? 32 : 128;
  if (bits === undefined)
    return `(${address}) has no prefix length: write ${written(address, most)} for this one address`;
  if (!WHOLE_NUMBER.test(bits) || Number(bits) > most)
    return `(${address}) has a prefix length that is not one of 0 to ${most}`;
  const network = networkOf(address, Number(bits));
  return network === canonical(address)
    ? undefined
    : `(${address}) has bits beyond its prefix: write ${written(network, Number(bits))}`;
};

/** Why the text is no address block (RFC 4632, RFC 4291), or undefined if it is one. Reads on from the text. */
export const mistakeInCidr = (text: string): string | undefined => {
  const [address = '', bits, ...rest] = text.split('/');
  if (!isAddress(address) || rest.length > 0) return `is not an address block, ${EXAMPLES}`;
  return mistakeInPrefix(address, bits);
};

/** The one way to write a block, so that the same one is not listed twice. `text` must be one. */
export const canonicalCidr = (text: string): string => {
  const [address = '', bits = ''] = text.split('/');
  return written(address, Number(bits));
};
