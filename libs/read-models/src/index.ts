export { FollowerPositions, type LeasePolicy, type VerifierPosition } from './follower-positions.js';
export { runFollower, type Follower, type FollowerOptions, type FollowerStatus } from './follower.js';
export { PostgresSink } from './postgres-sink.js';
export type { Projection } from './projection.js';
export { prepareTables } from './projection.js';
export { lostBefore, rebuildProjection } from './rebuild.js';
export { shareFollowing } from './shared-read.js';
export type { Sink } from './sink.js';
export { VerifierLease, type LeaseClock, type LeaseOptions } from './verifier-lease.js';
