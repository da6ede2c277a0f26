import type { Position } from '../event-log.js';

export interface StreamCommand<State, Event, Context> {
  /** UUID; the ids of the events follow from it. */
  readonly commandId: string;
  /**
   * What happens, given the state: nothing (`[]`) if it is already true, or a refusal by throwing. Pure: it may be
   * asked several times, on newer states.
   */
  readonly decide: (state: State, revision: number) => readonly Event[];
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
