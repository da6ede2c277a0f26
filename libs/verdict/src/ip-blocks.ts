/** An address as four words of 32 bits. An IPv4 address is its IPv4-mapped one (RFC 4291, 2.5.5.2). */
type Words = readonly [number, number, number, number];

const MAPPED = 0xffff;
const GROUPS = 8;

const OCTET = /^(?:0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9A-Fa-f]{1,4}$/;

const ipv4 = (text: string): number | undefined => {
  const octets = text.split('.');
  if (octets.length !== 4) return undefined;
  let word = 0;
  for (const octet of octets) {
    const value = Number(octet);
    if (!OCTET.test(octet) || value > 255) return undefined;
    word = word * 256 + value;
  }
  return word;
};

/** The groups of one side of `::`; a dotted IPv4 address at the end of the text is two of them. */
const groupsOf = (text: string, isLast: boolean): readonly number[] | undefined => {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (GROUP.test(part)) {
      groups.push(parseInt(part, 16));
      continue;
    }
    const dotted = isLast && index === parts.length - 1 ? ipv4(part) : undefined;
    if (dotted === undefined) return undefined;
    groups.push(dotted >>> 16, dotted & 0xffff);
  }
  return groups;
};

const filled = (head: readonly number[], tail: readonly number[]): readonly number[] | undefined => {
  const missing = GROUPS - head.length - tail.length;
  return missing < 1 ? undefined : [...head, ...Array<number>(missing).fill(0), ...tail];
};

const ipv6Groups = (text: string): readonly number[] | undefined => {
  const [before = '', after, ...more] = text.split('::');
  const head = groupsOf(before, after === undefined);
  if (after === undefined) return head?.length === GROUPS ? head : undefined;
  const tail = groupsOf(after, true);
  return more.length > 0 || head === undefined || tail === undefined ? undefined : filled(head, tail);
};

const word = (groups: readonly number[], at: number): number =>
  (groups[2 * at] ?? 0) * 0x10000 + (groups[2 * at + 1] ?? 0);

/** Longer than any address is. */
const LONGEST = 45;

/** Undefined for what is no address (RFC 4291, 2.2). One with a zone is none: a zone means something on one machine. */
const wordsOf = (text: string): Words | undefined => {
  if (text.length > LONGEST) return undefined;
  if (!text.includes(':')) {
    const address = ipv4(text);
    return address === undefined ? undefined : [0, 0, MAPPED, address];
  }
  const groups = ipv6Groups(text);
  return groups === undefined ? undefined : [word(groups, 0), word(groups, 1), word(groups, 2), word(groups, 3)];
};

/** A block of addresses, its prefix counted in the 128 bits of IPv6. */
export interface IpBlock {
  readonly network: Words;
  readonly bits: number;
}

/**
 * The block that a CIDR names (RFC 4632; RFC 4291, 2.3), such as `192.0.2.0/24`. What is no CIDR is a block that holds
 * no address: an allow-list must not grow by what nobody can read.
 */
export const ipBlock = (cidr: string): IpBlock => {
  const [address = '', bits = ''] = cidr.split('/');
  const network = wordsOf(address);
  const length = OCTET.test(bits) ? Number(bits) + (address.includes(':') ? 0 : 96) : Infinity;
  return network === undefined || length > 128 ? { network: [0, 0, 0, 0], bits: Infinity } : { network, bits: length };
};

/** Whether the first `bits` bits of the two words are equal. */
const sameBits = (one: number, other: number, bits: number): boolean =>
  bits <= 0 || (bits >= 32 ? one === other : (one ^ other) >>> (32 - bits) === 0);

const holds = ({ network, bits }: IpBlock, address: Words): boolean =>
  bits <= 128 && network.every((each, index) => sameBits(each, address[index] ?? 0, bits - 32 * index));

/** Whether any of the blocks holds the address; false for what is no address. */
export const isInBlocks = (ip: string, blocks: readonly IpBlock[]): boolean => {
  const address = wordsOf(ip);
  return address !== undefined && blocks.some((block) => holds(block, address));
};
