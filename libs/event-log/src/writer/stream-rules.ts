import type { EventLog, NewEvent, Position, RecordedEvent } from '../event-log.js';

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
  /** Deletes the snapshot of a stream that turned out to be of another past: a new one might never replace it. */
  discard(streamId: string): Promise<void>;
}

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
  /** About how many the state takes: the last snapshot's, and those of the events since. */
  readonly bytes: number;
}

export interface StreamCommand<State, Event, Context> {
  /** UUID; the ids of the events follow from it. */
  readonly commandId: string;
  /**
   * What happens, given the state: nothing (`[]`) if it is already true, or a refusal by throwing. Pure: it may be
   * asked several times, on newer states.
   */
  readonly decide: (state: State) => readonly Event[];
  readonly context: Context;
  /** For a retry: the revision of the stream before the first attempt. If that one was stored after all, it counts. */
  readonly retriedFrom?: number;
}

export interface CommandResult<State, Event> {
  /** After the command; newer if the command turned out to be stored by an earlier attempt. */
  readonly state: State;
  /** Empty for what was already true. */
  readonly events: readonly Event[];
  /** Of the command's last event; of the state it was decided on if there is none. */
  readonly position: Position;
  readonly revision: number;
}
