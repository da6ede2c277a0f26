import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isLoopbackAddress, isPublicAddress } from './address-rule.js';
import { ConnectFailure } from './answer.js';

/** All addresses of a name, of both families; none if it has none or nobody can say. */
export type Resolve = (name: string, signal: AbortSignal) => Promise<readonly string[]>;

const FIRST_TRY_MS = 2_000;
const TRIES = 2;

/** More of each family are not tried: a name with hundreds must not make us knock at as many doors. */
const TRIED_OF_EACH_FAMILY = 2;

/**
 * Asks the DNS servers of the machine for the name as it is: no hosts file and no search domain can lead to the inside.
 * Not `dns.lookup`: it keeps one of four threads of the process for as long as a name server is silent.
 */
export const resolveName: Resolve = async (name, signal) => {
  const resolver = new Resolver({ timeout: FIRST_TRY_MS, tries: TRIES });
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel);
  try {
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  } finally {
    signal.removeEventListener('abort', cancel);
  }
};

const mayCall = (host: string, allowLoopback: boolean): boolean =>
  isPublicAddress(host) || (allowLoopback && isLoopbackAddress(host));

/**
 * The addresses that a connection to the host may be made to: the caller connects to these, and resolves nothing again.
 * One address that is not public refuses the name with all others: nobody has a good reason for such a name, and to
 * call the others would only tell an attacker to try until the order suits him.
 */
export const checkedAddresses = async (
  host: string,
  { allowLoopback, resolve }: { readonly allowLoopback: boolean; readonly resolve: Resolve },
  signal: AbortSignal,
): Promise<readonly string[]> => {
  if (allowLoopback && host === 'localhost') return ['127.0.0.1', '::1'];
  if (isIP(host) !== 0) {
    if (!mayCall(host, allowLoopback)) throw new ConnectFailure('refused-address');
    return [host];
  }
  const addresses = await resolve(host, signal);
  if (signal.aborted) throw new ConnectFailure('timeout');
  if (addresses.length === 0) throw new ConnectFailure('no-address');
  if (!addresses.every(isPublicAddress)) throw new ConnectFailure('refused-address');
  return [4, 6].flatMap((family) =>
    addresses.filter((address) => isIP(address) === family).slice(0, TRIED_OF_EACH_FAMILY),
  );
};
