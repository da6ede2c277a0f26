import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FollowItem, RecordedEvent } from '../event-log.js';
import { Wakeup } from '../waiting.js';

const MAX_EVENTS = 4_096;
const MAX_BYTES = 16 * 1_048_576;
const EVENTS_PER_ITEM = 1_000;
const LONGEST_WAIT_MS = 60_000;

type Queued = { readonly kind: 'events'; readonly events: RecordedEvent[] } | Exclude<FollowItem, { kind: 'events' }>;

const sizeOf = ({ data, metadata }: RecordedEvent): number => data.byteLength + metadata.byteLength;

/** What was received and not yet taken, in order. Whoever fills it must stop while it is `full`. */
export class ReadAhead {
  /** Called when there is room again. */
  onRoom: () => void = () => undefined;
  readonly #items: Queued[] = [];
  readonly #changed = new Wakeup();
  #events = 0;
  #bytes = 0;
  #failure: { readonly error: unknown } | null = null;

  get full(): boolean {
    return this.#events >= MAX_EVENTS || this.#bytes >= MAX_BYTES;
  }

  addEvent(event: RecordedEvent): void {
    const last = this.#items.at(-1);
    if (last?.kind === 'events' && last.events.length < EVENTS_PER_ITEM) last.events.push(event);
    else this.#items.push({ kind: 'events', events: [event] });
    this.#events += 1;
    this.#bytes += sizeOf(event);
    this.#changed.wake();
  }

  add(item: Exclude<FollowItem, { kind: 'events' }>): void {
    // The newer item replaces an equal one that nobody has taken yet.
    if (this.#items.at(-1)?.kind === item.kind) this.#items.pop();
    this.#items.push(item);
    this.#changed.wake();
  }

  /** Once all that is there was taken, `take` rejects with the error. */
  fail(error: unknown): void {
    this.#failure = { error };
    this.#changed.wake();
  }

  /** Waits for the next item; null once the signal has aborted. */
  async take(signal: AbortSignal): Promise<FollowItem | null> {
    while (!signal.aborted) {
      const seen = this.#changed.count;
      const item = this.#items.shift();
      if (item !== undefined) {
        this.#onTaken(item);
        return item;
      }
      if (this.#failure !== null) throw this.#failure.error;
      await this.#changed.wait(seen, LONGEST_WAIT_MS, signal);
      await nextTurn(); // All that arrives together is taken together.
    }
    return null;
  }

  #onTaken(item: Queued): void {
    if (item.kind !== 'events') return;
    this.#events -= item.events.length;
    this.#bytes -= item.events.reduce((sum, event) => sum + sizeOf(event), 0);
    if (!this.full) this.onRoom();
  }
}
