import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import type { HeaderReader } from './access.js';
import { readIp, unmapped } from './ip-address.js';

/** An address as it stands in audit and logs. */
const canonical = (address: string): string | undefined => readIp(address)?.toString();

/** The address of one hop, with or without a port; undefined for `unknown`, a hidden name, and what is no address. */
const addressOf = (hop: string): string | undefined => {
  const [, bracketed] = /^\[([^\]]+)\](?::[\w.-]+)?$/.exec(hop) ?? [];
  const [, withPort] = /^([\d.]+):[\w.-]+$/.exec(hop) ?? [];
  return canonical(bracketed ?? withPort ?? hop);
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

interface Pair {
  readonly name: string;
  readonly value: string;
  readonly endsHop: boolean;
}

/** None where anything of the header is malformed. */
const pairsOf = (forwarded: string): readonly Pair[] => {
  const pairs: Pair[] = [];
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < forwarded.length) {
    const match = PAIR.exec(forwarded);
    if (match === null) return [];
    const [, name = '', quoted, plain = '', end] = match;
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain;
    pairs.push({ name: name.toLowerCase(), value, endsHop: end !== ';' });
  }
  return pairs;
};

/** The hops of `Forwarded`; one that does not say for whom it forwarded is undefined. */
const hopsOfForwarded = (forwarded: string): Hops => {
  const hops: (string | undefined)[] = [];
  let hop: string | undefined;
  for (const { name, value, endsHop } of pairsOf(forwarded)) {
    if (name === 'for') hop = addressOf(value);
    if (!endsHop) continue;
    hops.push(hop);
    hop = undefined;
  }
  return hops;
};

type Block = readonly [network: ipaddr.IPv4 | ipaddr.IPv6, length: number];

/** The block of an address or a CIDR; one of IPv4-mapped addresses is the IPv4 block, as their addresses are. */
const blockOf = (text: string): Block => {
  const [address = '', bits] = text.split('/');
  const network = ipaddr.parse(unmapped(address));
  const length = Number(bits ?? (network.kind() === 'ipv4' ? 32 : 128));
  return network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress() && length >= 96
    ? [network.toIPv4Address(), length - 96]
    : [network, length];
};

const isIn = (address: string, blocks: readonly Block[]): boolean => {
  const ip = ipaddr.parse(address);
  return blocks.some(([network, length]) => ip.kind() === network.kind() && ip.match(network, length));
};

/** Peers that are remembered at a time. */
const MAX_PEERS = 1_000;

/** Who is at the other end of a connection. */
interface Peer {
  /** Undefined where it has none. */
  readonly address: string | undefined;
  /** Whether it is in one of the networks that were asked for. */
  readonly isTrusted: boolean;
}

/** Tells of peers whether they are in `networks`. Every request of a connection comes from the same one. */
export const peersIn = (networks: readonly string[]): ((peer: string | undefined) => Peer) => {
  const blocks = networks.map(blockOf);
  const peers = new LRUCache<string, Peer>({
    max: MAX_PEERS,
    memoMethod: (peer) => {
      // The address of a link-local peer comes with the name of our interface.
      const address = canonical(peer.replace(/%.*$/, ''));
      return { address, isTrusted: address !== undefined && isIn(address, blocks) };
    },
  });
  return (peer) => peers.memo(peer ?? '');
};

/** Says who a request came from: the address of its peer, and the headers that proxies add. */
export type ClientIp = (peer: string | undefined, header: HeaderReader) => string | null;

interface Walk {
  /** The last address that can be told. */
  readonly last: string;
  /** Whether what stands before it is known to be nobody that we trust, or nothing. */
  readonly isWhole: boolean;
}

const walkBack =
  (isTrusted: (address: string) => boolean) =>
  (peer: string, hops: Hops): Walk => {
    let last = peer;
    for (const hop of hops.toReversed()) {
      if (!isTrusted(last)) break;
      if (hop === undefined) return { last, isWhole: false };
      last = hop;
    }
    return { last, isWhole: true };
  };

/**
 * Walks back from the peer through the proxies of `trusted` (addresses and CIDR blocks), and answers with the first hop
 * that is none of them: what stands further left was said by nobody that we trust. A hop without an address ends the
 * walk at the proxy that named it. Where both headers are there and disagree, a proxy has passed on one that it did not
 * write, so neither counts.
 */
export const clientIpBehind = (trusted: readonly string[]): ClientIp => {
  const blocks = trusted.map(blockOf);
  const isTrusted = (address: string): boolean => isIn(address, blocks);
  const walk = walkBack(isTrusted);
  const forwardedBy = (proxy: string, list: string | undefined, forwarded: string | undefined): string => {
    const clients = [
      ...(list === undefined ? [] : [walk(proxy, hopsOfList(list)).last]),
      ...(forwarded === undefined ? [] : [walk(proxy, hopsOfForwarded(forwarded)).last]),
    ];
    const [client = proxy, same = client] = clients;
    return same === client ? client : proxy;
  };
  const peerOf = peersIn(trusted);
  return (peer, header) => {
    const { address, isTrusted: mayForward } = peerOf(peer);
    if (address === undefined) return null;
    return mayForward ? forwardedBy(address, header('x-forwarded-for'), header('forwarded')) : address;
  };
};

/** The client of a gateway that asks for a verdict on what the client sent. */
export interface EndClient {
  /** Null where a proxy that we trust does not tell it. */
  readonly ip: string | null;
  /** False where nobody has told it, so that it is the address of the connection: maybe of the gateway itself. */
  readonly isForwarded: boolean;
}

/**
 * Says whose request a gateway passes on, by `X-Forwarded-For` alone: gateways write that one, and a client's own
 * `Forwarded` may come through them. Trusts as `clientIpBehind` does.
 */
export const endClientBehind = (
  trusted: readonly string[],
): ((peer: string | undefined, header: HeaderReader) => EndClient) => {
  const blocks = trusted.map(blockOf);
  const walk = walkBack((address) => isIn(address, blocks));
  const peerOf = peersIn(trusted);
  return (peer, header) => {
    const { address = null, isTrusted: mayForward } = peerOf(peer);
    const list = header('x-forwarded-for');
    if (address === null || !mayForward || list === undefined) return { ip: address, isForwarded: false };
    const { last, isWhole } = walk(address, hopsOfList(list));
    return { ip: isWhole ? last : null, isForwarded: true };
  };
};
