import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { HeaderReader } from './access.js';

/** An address as it stands in audit and logs: an IPv4 one that IPv6 carries is the IPv4 one. */
const canonical = (address: string): string => ipaddr.process(address).toString();

/** The address of one hop, with or without a port; undefined for `unknown`, a hidden name, and what is no address. */
const addressOf = (hop: string): string | undefined => {
  const [, bracketed] = /^\[([^\]]+)\](?::[\w.-]+)?$/.exec(hop) ?? [];
  const [, withPort] = /^([\d.]+):[\w.-]+$/.exec(hop) ?? [];
  const address = bracketed ?? withPort ?? hop;
  return isIP(address) === 0 ? undefined : canonical(address);
};

type Hops = readonly (string | undefined)[];

const hopsOfList = (text: string): Hops =>
  text
    .split(',')
    .map((hop) => hop.trim())
    .filter((hop) => hop !== '')
    .map(addressOf);

/** One `name=value` of `Forwarded` (RFC 7239, section 4), and what ends it. */
const PAIR = /[ \t]*([!#$%&'*+.^_`|~\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]+))[ \t]*(;|,|$)/y;

/** The hops of `Forwarded`; one that does not say for whom it forwarded is undefined. None where it is malformed. */
const hopsOfForwarded = (text: string): Hops => {
  const hops: (string | undefined)[] = [];
  let hop: string | undefined;
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < text.length) {
    const [, name = '', quoted, plain = '', end] = PAIR.exec(text) ?? [];
    if (end === undefined) return [];
    if (name.toLowerCase() === 'for') hop = addressOf(quoted?.replace(/\\(.)/g, '$1') ?? plain);
    if (end === ';') continue;
    hops.push(hop);
    hop = undefined;
  }
  return hops;
};

const isIn = (address: string, block: string): boolean => {
  const [network = '', length] = block.split('/');
  const ip = ipaddr.process(address);
  const base = ipaddr.process(network);
  return ip.kind() === base.kind() && ip.match(base, Number(length ?? (base.kind() === 'ipv4' ? 32 : 128)));
};

/** Says who a request came from: the address of its peer, and the headers that proxies add. */
export type ClientIp = (peer: string | undefined, header: HeaderReader) => string | null;

/**
 * Walks back from the peer through the proxies of `trusted` (addresses and CIDR blocks), and answers with the first hop
 * that is none of them: what stands further left was said by nobody that we trust. A hop without an address ends the
 * walk at the proxy that named it. Where both headers are there and disagree, a proxy has passed on one that it did not
 * write, so neither counts.
 */
export const clientIpBehind = (trusted: readonly string[]): ClientIp => {
  const isTrusted = (address: string): boolean => trusted.some((block) => isIn(address, block));
  const walk = (peer: string, hops: Hops): string => {
    let address = peer;
    for (const hop of hops.toReversed()) {
      if (hop === undefined || !isTrusted(address)) return address;
      address = hop;
    }
    return address;
  };
  return (peer, header) => {
    if (peer === undefined || isIP(peer) === 0) return null;
    const from = canonical(peer);
    if (!isTrusted(from)) return from;
    const list = header('x-forwarded-for');
    const forwarded = header('forwarded');
    const byList = walk(from, hopsOfList(list ?? ''));
    const byForwarded = walk(from, hopsOfForwarded(forwarded ?? ''));
    if (list === undefined) return byForwarded;
    return forwarded === undefined || byForwarded === byList ? byList : from;
  };
};
