import type { Anchor, Position, RecordedEvent } from '@keyledger/event-log';
import { isPassing, NotSent } from '@keyledger/postgres';
import { PoisonEvent } from './poison-event.js';
import type { Sink } from './sink.js';

interface SnapshotSource<T> {
  /** What is held, as the tables of a projection have it, and the last event that they contain. */
  load(): Promise<{ readonly held: T; readonly anchor: Anchor | null }>;
  /** Brings the next event into it. What it throws stops the follower: the event is never taken. */
  apply(held: T, event: RecordedEvent): void;
}

/** What a process holds in memory: filled once from tables, and then from the log alone. Every process has its own. */
export class SnapshotSink<T> implements Sink {
  private taken: Anchor | null = null;
  private filled: T | undefined;

  constructor(private readonly source: SnapshotSource<T>) {}

  /** Undefined until it is filled. */
  get held(): T | undefined {
    return this.filled;
  }

  get anchor(): Anchor | null {
    return this.taken;
  }

  async lead(follow: () => Promise<void>): Promise<void> {
    if (this.filled === undefined) {
      const { held, anchor } = await this.source.load();
      this.taken = anchor;
      this.filled = held;
    }
    await follow();
  }

  take(events: readonly RecordedEvent[]): Promise<boolean> {
    const { filled } = this;
    if (filled === undefined) throw new Error('What is followed must be filled before.');
    for (const event of events) {
      try {
        this.source.apply(filled, event);
      } catch (error) {
        throw new PoisonEvent(event, error);
      }
      this.taken = { position: event.position, eventId: event.id };
    }
    return Promise.resolve(true);
  }

  stored(): Promise<Position | null> {
    return Promise.resolve(this.taken?.position ?? null);
  }

  mayPass(error: unknown): boolean {
    return error instanceof NotSent || isPassing(error);
  }
}
