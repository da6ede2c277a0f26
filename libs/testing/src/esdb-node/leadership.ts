import { noLeader, notLeader } from './errors.js';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface Member {
  readonly endpoint: Endpoint;
  readonly isLeader: boolean;
  readonly isAlive: boolean;
}

/** What a node knows about who leads. */
export interface Leadership {
  /** Whether this node leads, follows a leader, or follows while there is none. */
  role(): 'leader' | 'follower' | 'leaderless';
  /** The leader as this node knows it: for a while after its end still the old one. */
  leader(): Endpoint | null;
  members(): readonly Member[];
}

/** Of a node that stands alone. */
export const alone = (own: () => Endpoint): Leadership => ({
  role: () => 'leader',
  leader: own,
  members: () => [{ endpoint: own(), isLeader: true, isAlive: true }],
});

/** Of a node that follows a leader which nobody has to have started. */
export const following = (own: () => Endpoint, leader: Endpoint): Leadership => ({
  role: () => 'follower',
  leader: () => leader,
  members: () => [
    { endpoint: own(), isLeader: false, isAlive: true },
    { endpoint: leader, isLeader: true, isAlive: true },
  ],
});

/** Throws what a follower answers to a call that asks for the leader. */
export function checkLeader(leadership: Leadership): void {
  if (leadership.role() === 'leader') return;
  const leader = leadership.leader();
  throw leader ? notLeader(leader) : noLeader();
}
