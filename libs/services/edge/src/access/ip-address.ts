import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** As ipaddr.js has to be told: without a zero it takes `::192.0.2.1` for a mapped address, which it is not. */
export const unmapped = (address: string): string => address.replace(/^::(?=\d+\.)/, '0::');

/** Longer than any address is. */
const LONGEST = 45;

/**
 * Reads an address; an IPv4-mapped one of IPv6 is the IPv4 one. Undefined for what is none. One with a zone is none
 * either: a zone means something on one machine only.
 */
export const readIp = (text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined =>
  text.length > LONGEST || isIP(text) === 0 || text.includes('%') ? undefined : ipaddr.process(unmapped(text));

/**
 * Whose address it is, in the one form for all ways to write it: a customer of a network has at least all addresses of
 * a /64 of IPv6. Undefined for what is no address.
 */
export const networkOf = (ip: string): string | undefined => {
  // Of IPv4 there is one way to write it. To read it costs more than all else that a limit does.
  if (isIP(ip) === 4) return ip;
  const address = readIp(ip);
  return address instanceof ipaddr.IPv6 ? address.parts.slice(0, 4).join(':') : address?.toString();
};
