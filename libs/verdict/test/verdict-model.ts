import { BlockList, isIPv6 } from 'node:net';
import type { VerdictCode } from '../src/index.js';

/** A case in other words than the room's: times in milliseconds, lists of texts, and one endpoint by its parts. */
export interface Case {
  readonly text: 'malformed' | 'unknown' | 'known';
  readonly status: 'active' | 'suspended' | 'revoked' | 'api-disabled';
  readonly accountSuspended: boolean;
  readonly validForMs: number;
  readonly expiresInMs: number;
  readonly has: readonly string[];
  readonly cidrs: readonly string[] | null;
  readonly connected: readonly string[] | null;
  readonly retired: readonly string[];
  readonly wants: readonly string[];
  readonly ip: string | null;
  readonly endpoint: string | null;
}

const inAny = (ip: string, cidrs: readonly string[]): boolean =>
  cidrs.some((cidr) => {
    const [address = '', bits] = cidr.split('/');
    const list = new BlockList();
    list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
    return list.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4');
  });

/** What the contract says of a case, one sentence each. */
const sentences: readonly (readonly [VerdictCode, (c: Case) => boolean])[] = [
  ['MALFORMED', ({ text }) => text === 'malformed'],
  ['NOT_FOUND', ({ text, validForMs }) => text === 'unknown' || validForMs <= 0],
  ['API_DISABLED', ({ status }) => status === 'api-disabled'],
  ['REVOKED', ({ status }) => status === 'revoked'],
  ['SUSPENDED', ({ status, accountSuspended }) => status === 'suspended' || accountSuspended],
  ['EXPIRED', ({ expiresInMs }) => expiresInMs <= 0],
  ['IP_NOT_ALLOWED', ({ cidrs, ip }) => cidrs !== null && (ip === null || !inAny(ip, cidrs))],
  [
    'ENDPOINT_NOT_CONNECTED',
    ({ connected, endpoint, retired }) =>
      connected !== null && endpoint !== null && (!connected.includes(endpoint) || retired.includes(endpoint)),
  ],
  ['INSUFFICIENT_SCOPE', ({ wants, has }) => wants.some((scope) => !has.includes(scope))],
];

export const model = (c: Case): VerdictCode => sentences.find(([, holds]) => holds(c))?.[0] ?? 'VALID';
