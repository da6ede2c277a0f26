import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The address, or undefined for a text that is none. With a zone it is none: a zone means something on one machine. */
const read = (text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined =>
  isIP(text) === 0 || text.includes('%') ? undefined : ipaddr.parse(text);

/**
 * What IANA gives global unicast addresses out of. Parts that nobody has yet are no special ones, and lead nowhere.
 * What translates IPv4 into IPv6 is outside, but for 6to4, Teredo and ISATAP.
 */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** The end of the address is an IPv4 address, and a router within the network may take it there (RFC 5214). */
const isIsatap = ({ parts }: ipaddr.IPv6): boolean =>
  parts[5] === 0x5efe && (parts[4] === 0x0000 || parts[4] === 0x0200);

/**
 * Looks public and is not: from inside of Azure the agent of the host answers here, with the secrets of the machine.
 * The other clouds have theirs at addresses that no rule takes for global.
 */
const AZURE_HOST = '168.63.129.16';

/**
 * Whether the address is one of the public internet. Every range that the special-purpose registries of IANA (RFC 6890)
 * name is refused, also the few that can be reached from everywhere: they are for services of the network itself, and
 * nobody receives webhooks there. So are the IPv6 addresses that are known to hold an IPv4 address.
 */
export const isPublicAddress = (text: string): boolean => {
  const address = read(text);
  if (address === undefined || text === AZURE_HOST || address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || (address.match(GLOBAL_UNICAST) && !isIsatap(address));
};

/** Whether the address can only be this machine. Not the IPv4-mapped form, which nobody has a reason to write. */
export const isLoopbackAddress = (text: string): boolean => read(text)?.range() === 'loopback';
