import type { Anchor, Position, RecordedEvent } from '@keyledger/event-log';

/**
 * What a follower brings the events of the log into: tables, memory, a broker. It knows how far it has come; the
 * follower knows when to go on, to wait, to stand by and to stop.
 */
export interface Sink {
  /** The last event that it has taken, as far as this instance knows; null for none. */
  readonly anchor: Anchor | null;
  /**
   * Finds out where it stands, so that `anchor` is right, and runs `follow`. Resolves without that where another
   * instance is at work. `lost` aborts once another instance may have begun.
   */
  lead(follow: (lost?: AbortSignal) => Promise<void>): Promise<void>;
  /**
   * Takes events that come right after `anchor`, all of them before it resolves. False if another instance has gone
   * on: nothing was taken. Throws for an event that it cannot go on without.
   */
  take(events: readonly RecordedEvent[]): Promise<boolean>;
  /** Where it stands, whichever instance has brought it there; null for nowhere. */
  stored(): Promise<Position | null>;
  /** Whether what the others threw may pass, so that the follower tries again. Any other error stops it for good. */
  mayPass(error: unknown): boolean;
}
