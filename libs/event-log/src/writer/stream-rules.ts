import type { EventLog, NewEvent, Position, RecordedEvent } from '../event-log.js';
import type { SnapshotStore } from './snapshots.js';

export interface SnapshotRules<State> {
  readonly store: SnapshotStore;
  readonly serialise: (state: State) => Uint8Array;
  /** Undefined for a form that this code does not know: the snapshot is then ignored. */
  readonly deserialise: (bytes: Uint8Array) => State | undefined;
}

/** What a writer must know of the streams it writes. `evolve` never throws; `Context` goes from command to `encode`. */
export interface StreamRules<State, Event, Context> {
  readonly log: EventLog;
  readonly initial: State;
  readonly evolve: (state: State, event: Event) => State;
  readonly decode: (recorded: RecordedEvent) => Event;
  readonly encode: (event: Event, context: Context, id: string) => NewEvent;
  /** Size of a state for the cache, about one per part; called after every change, so it must be quick. */
  readonly weigh: (state: State) => number;
  readonly snapshots?: SnapshotRules<State>;
}

/** A state and the last event in it. For a stream that does not exist: revision -1, no position, no event. */
export interface FoldedStream<State> {
  readonly state: State;
  readonly revision: number;
  readonly position: Position | null;
  readonly eventId: string | null;
  /** Events folded since the last snapshot. */
  readonly sinceSnapshot: number;
}
