import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect as openTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as openTls, type ConnectionOptions } from 'node:tls';
import type { buildConnector } from 'undici';
import { checkedAddresses, type Resolve } from './addresses.js';
import { isLoopbackAddress } from './address-rule.js';
import { ConnectFailure, type Outcome } from './answer.js';
import { bounded } from './bounded.js';
import type { Tunnels } from './tunnels.js';

/** Begins a connection to one of these addresses, and to no other. */
export type Dial = (addresses: readonly string[], port: number) => Socket;

/** How long one address is tried before the next one is, too. */
const ATTEMPT_MS = 1_000;

/** Node tries the addresses as it would those of a resolver, which is never asked. */
export const dialTcp: Dial = (addresses, port) => {
  const checked = addresses.map((address) => ({ address, family: isIP(address) }));
  const lookup: LookupFunction = (_name, _options, callback) => callback(null, checked);
  const host = 'checked.invalid';
  const family = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: ATTEMPT_MS };
  return openTcp({ host, port, lookup, ...family, noDelay: true, keepAlive: true });
};

export interface Ways {
  readonly allowLoopback: boolean;
  readonly resolve: Resolve;
  readonly dial: Dial;
  readonly tunnels: Tunnels | undefined;
  /** Authorities to trust instead of those of Node. */
  readonly ca: string | undefined;
  /** Until the connection must stand, TLS included. */
  readonly deadlineMs: number;
}

/** Waits for the connection, or destroys the socket. */
const established = async <S extends Socket>(
  socket: S,
  event: 'connect' | 'secureConnect',
  failure: Exclude<Outcome, 'answered'>,
  signal: AbortSignal,
): Promise<S> => {
  try {
    await once(socket, event, { signal });
    return socket;
  } catch {
    // A socket may fail once more while it ends.
    socket.on('error', () => undefined).destroy();
    throw new ConnectFailure(signal.aborted ? 'timeout' : failure);
  }
};

/** An address is no name that a client may send (RFC 6066). Some Node 22 takes no IPv6 address in its own check. */
const byAddress = (host: string): ConnectionOptions => ({
  checkServerIdentity: (_, { raw }) =>
    new X509Certificate(raw).checkIP(host) === undefined
      ? new Error('The certificate is not for the address.')
      : undefined,
});

/** The host is what the certificate must be for. */
const secured = (socket: Socket, host: string, { ca }: Ways, signal: AbortSignal): Promise<Socket> => {
  const identity = isIP(host) === 0 ? { servername: host } : byAddress(host);
  // Said here, so that no variable of the environment turns it off.
  const verified = { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) };
  const tls = openTls({ socket, host, ...identity, ...verified, ALPNProtocols: ['http/1.1'] });
  return established(tls, 'secureConnect', 'tls-failed', signal);
};

const open = async (host: string, port: number, ways: Ways, signal: AbortSignal): Promise<Socket> => {
  const addresses = await checkedAddresses(host, ways, signal);
  // What is on this machine is not on that of the proxy.
  if (ways.tunnels === undefined || addresses.every(isLoopbackAddress)) {
    return established(ways.dial(addresses, port), 'connect', 'connection-failed', signal);
  }
  return ways.tunnels.open(addresses, port, signal);
};

/**
 * How undici gets each of its connections, also when it makes one anew: the name is resolved and checked, and the
 * connection is made to what was checked. Host header and certificate stay those of the name.
 */
export const checkedConnector =
  (ways: Ways): buildConnector.connector =>
  ({ hostname, protocol, port }, callback) => {
    const signal = AbortSignal.timeout(ways.deadlineMs);
    const connected = async (): Promise<Socket> => {
      const secure = protocol === 'https:';
      const socket = await open(hostname, Number(port || (secure ? 443 : 80)), ways, signal);
      return secure ? secured(socket, hostname, ways, signal) : socket;
    };
    connected().then(
      (socket) => callback(null, bounded(socket)),
      (error: Error) => callback(error, null),
    );
  };
