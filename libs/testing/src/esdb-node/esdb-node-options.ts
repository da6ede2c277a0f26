import type { Endpoint, Leadership } from './leadership.js';
import type { LogStore } from './log-store.js';

export interface EsdbNodeOptions {
  /** A free one unless given. */
  readonly port?: number;
  readonly host?: string;
  /** Where the certificates are, or are to be made: `ca.crt`, `node.crt`, `node.key`. */
  readonly tls?: { readonly dir: string };
  /** Password of `admin`. Without one, nobody is asked for credentials. */
  readonly password?: string;
  /** The node is a follower of a leader there, which nobody has to have started. */
  readonly followerOf?: Endpoint;
  /** Where the node is one of a cluster. */
  readonly leadership?: (own: () => Endpoint) => Leadership;
  /** The log, if not an empty one of the node's own. */
  readonly store?: LogStore;
  /** After so many events the node writes one of its own and a hidden one (50); 0 for never. */
  readonly systemEventEvery?: number;
  /** How far the commit position of an event lies behind its prepare position (0). */
  readonly commitGap?: number;
  /** Whether events that are read from a stream come with their positions (true). */
  readonly streamPositions?: boolean;
  /** After so long a follower without a leader gives an append up (2,000). */
  readonly forwardingMs?: number;
  /** What the node says its version is (23.10.6). */
  readonly version?: string;
}
