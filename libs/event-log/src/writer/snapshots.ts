import type { Position } from '../event-log.js';

/** A stream's state after the event at `revision`, bound to the log and to that event. */
export interface Snapshot {
  readonly logId: string;
  readonly revision: number;
  readonly position: Position;
  readonly eventId: string;
  readonly state: Uint8Array;
}

/** Keeps the newest snapshot of each stream. A cache: whatever it loses is folded from the log again. */
export interface SnapshotStore {
  load(streamId: string): Promise<Snapshot | null>;
  save(streamId: string, snapshot: Snapshot): Promise<void>;
}
