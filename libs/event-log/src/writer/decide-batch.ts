import { commandEventId } from './command-events.js';
import type { NewEvent } from '../event-log.js';
import type { PendingCommand } from './pending-command.js';
import type { FoldedStream, StreamRules } from './stream-rules.js';

export interface BatchLimits {
  readonly batchEvents: number;
  readonly batchBytes: number;
}

/** What a command comes to if everything before it in the batch is stored. */
export interface Decided<State, Event, Context> {
  readonly pending: PendingCommand<State, Event, Context>;
  readonly events: readonly Event[];
  readonly state: State;
  /** How many events of the batch are stored once this command is done. */
  readonly end: number;
  /** Why it was refused, or null. */
  readonly refusal: { readonly error: unknown } | null;
}

export interface Batch<State, Event, Context> {
  readonly base: FoldedStream<State>;
  readonly decided: readonly Decided<State, Event, Context>[];
  readonly events: readonly NewEvent[];
  readonly state: State;
}

type Pendings<State, Event, Context> = readonly PendingCommand<State, Event, Context>[];

const sizeOf = (events: readonly NewEvent[]): number =>
  events.reduce((sum, event) => sum + event.data.byteLength + event.metadata.byteLength, 0);

/** Decides commands one after the other, each on what those before it lead to, until the batch is full. */
export const decideBatch = <State, Event, Context>(
  rules: StreamRules<State, Event, Context>,
  base: FoldedStream<State>,
  pendings: Pendings<State, Event, Context>,
  limits: BatchLimits,
): Batch<State, Event, Context> => {
  const decided: Decided<State, Event, Context>[] = [];
  const stored: NewEvent[] = [];
  let bytes = 0;
  let { state } = base;

  for (const pending of pendings) {
    const { command } = pending;
    try {
      const events = command.decide(state, base.revision + stored.length);
      const news = events.map((event, index) =>
        rules.encode(event, command.context, commandEventId(command.commandId, index)),
      );
      bytes += sizeOf(news);
      const full = stored.length + news.length > limits.batchEvents || bytes > limits.batchBytes;
      if (full && stored.length > 0 && news.length > 0) break;
      state = events.reduce(rules.evolve, state);
      stored.push(...news);
      decided.push({ pending, events, state, end: stored.length, refusal: null });
    } catch (error) {
      decided.push({ pending, events: [], state, end: stored.length, refusal: { error } });
    }
  }
  return { base, decided, events: stored, state };
};
