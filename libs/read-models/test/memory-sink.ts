import type { Anchor, Position, RecordedEvent } from '@keyledger/event-log';
import type { Sink } from '../src/index.js';

/**
 * How often each word was added, in memory: no lock, no fence and no checkpoint, and it begins where a snapshot ends.
 * An event that it cannot read blocks the event's stream, and the others go on.
 */
export class MemorySink implements Sink {
  readonly words = new Map<string, number>();
  readonly blocked = new Set<string>();
  readonly taken: RecordedEvent[] = [];

  constructor(public anchor: Anchor | null = null) {}

  lead(follow: () => Promise<void>): Promise<void> {
    return follow();
  }

  take(events: readonly RecordedEvent[]): Promise<boolean> {
    for (const event of events) {
      this.taken.push(event);
      this.anchor = { position: event.position, eventId: event.id };
      if (event.type === 'Poison') this.blocked.add(event.streamId);
      if (event.type !== 'WordAdded' || this.blocked.has(event.streamId)) continue;
      const word = Buffer.from(event.data).toString();
      this.words.set(word, (this.words.get(word) ?? 0) + 1);
    }
    return Promise.resolve(true);
  }

  stored(): Promise<Position | null> {
    return Promise.resolve(this.anchor?.position ?? null);
  }

  mayPass(): boolean {
    return false;
  }
}
