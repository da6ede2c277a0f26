import { peersIn } from './client-ip.js';
import type { Principal } from './principal.js';

/** Gateways that are remembered at a time. */
const MAX_GATEWAYS = 1_000;

/** The caller that a peer stands for without any token; undefined where it is not trusted to. */
export type TrustedGateways = (peer: string | undefined) => Principal | undefined;

const gatewayAt = (subject: string): Principal => ({
  issuer: 'trusted-gateways',
  subject,
  actorType: 'service',
  roles: ['verifier'],
  accounts: '*',
  expiresAtMs: Infinity,
});

/** A verifier for all accounts at each address of `networks`. Only the connection tells an address, never a header. */
export const gatewaysIn = (networks: readonly string[]): TrustedGateways => {
  const peerOf = peersIn(networks);
  const known = new Map<string, Principal>();
  return (peer) => {
    const { address, isTrusted } = peerOf(peer);
    if (address === undefined || !isTrusted) return undefined;
    const gateway = known.get(address) ?? gatewayAt(address);
    // Always the same object for an address, which others remember things of.
    if (known.size < MAX_GATEWAYS) known.set(address, gateway);
    return gateway;
  };
};
