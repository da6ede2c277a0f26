import ipaddr from 'ipaddr.js';

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,2})$/;

/** The one form of an IPv6 address, as the URL standard writes it; undefined for what is none. */
const inHexadecimal = (text: string): string | undefined =>
  URL.canParse(`http://[${text}]`) ? new URL(`http://[${text}]`).hostname.slice(1, -1) : undefined;

const canonical = (text: string): string | undefined => (IPV4.test(text) ? text : inHexadecimal(text));

/** The address without the bits beyond the prefix. */
const networkOf = (address: string, bits: string): string => {
  const family = IPV4.test(address) ? ipaddr.IPv4 : ipaddr.IPv6;
  return canonical(family.networkAddressFromCIDR(`${address}/${bits}`).toString()) ?? address;
};

const mistakeInPrefix = (address: string, bits: string | undefined): string | undefined => {
  const most = IPV4.test(address) ? 32 : 128;
  if (bits === undefined) return `no prefix length: ${address}/${most} is this one address`;
  if (!WHOLE_NUMBER.test(bits) || Number(bits) > most) return `the prefix length is not one of 0 to ${most}`;
  const network = networkOf(address, bits);
  return network === address ? undefined : `bits beyond the prefix: write ${network}/${bits}`;
};

/** What is wrong with an address block, in words that follow its place; undefined for a good one. */
export const mistakeInBlock = (text: string): string | undefined => {
  const [written = '', bits, ...rest] = text.split('/');
  const address = canonical(written);
  if (address === undefined || rest.length > 0) return 'no address block, such as 192.0.2.0/24 or 2001:db8::/32';
  return mistakeInPrefix(address, bits);
};

export interface Line {
  /** As people count: the first is 1. */
  readonly number: number;
  readonly text: string;
}

/** Lines that hold something. */
export const linesOf = (text: string): readonly Line[] =>
  text
    .split('\n')
    .map((line, index) => ({ number: index + 1, text: line.trim() }))
    .filter((line) => line.text !== '');
