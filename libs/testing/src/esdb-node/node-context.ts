import type { Metadata } from '@grpc/grpc-js';
import { Access } from './access.js';
import { CallFaults } from './call-faults.js';
import type { EsdbNodeOptions } from './esdb-node-options.js';
import type { Front } from './front.js';
import { alone, checkLeader, following, type Endpoint, type Leadership } from './leadership.js';
import type { LogStore } from './log-store.js';
import type { Subscription } from './subscription.js';

/** What the calls of a node work on. */
export interface NodeContext {
  readonly store: LogStore;
  readonly access: Access;
  readonly faults: CallFaults;
  readonly leadership: Leadership;
  readonly subscriptions: Set<Subscription>;
  /** Whether reads and subscriptions of a stream say where its events stand in the log. */
  readonly streamPositions: boolean;
  /** After so long a follower says that an append it forwarded was not answered. */
  readonly forwardingMs: number;
  readonly version: string;
  /** How many of the coming subscriptions are dropped when they have caught up. */
  dropsAtCaughtUp: number;
  resetPeer(peer: string): void;
}

export const requiresLeader = (metadata: Metadata): boolean => metadata.get('requires-leader')[0] === 'true';

/** Throws what a follower answers if the call asks for the leader. */
export function checkLeaderIfRequired(context: NodeContext, metadata: Metadata): void {
  if (requiresLeader(metadata)) checkLeader(context.leadership);
}

export function createContext(
  options: EsdbNodeOptions,
  store: LogStore,
  own: () => Endpoint,
  front: Front,
): NodeContext {
  const { password, followerOf, leadership, streamPositions = true, forwardingMs = 2_000 } = options;
  return {
    store,
    access: new Access(store, password),
    faults: new CallFaults(),
    leadership: leadership?.(own) ?? (followerOf ? following(own, followerOf) : alone(own)),
    subscriptions: new Set(),
    streamPositions,
    forwardingMs,
    version: options.version ?? '23.10.6',
    dropsAtCaughtUp: 0,
    resetPeer: (peer) => front.resetPeer(peer),
  };
}
