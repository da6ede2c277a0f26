import type { NewEvent } from '../event-log.js';

const MAX_EVENTS_PER_CALL = 500;
const MAX_BYTES_PER_CALL = 1_048_576;

interface Queued {
  readonly streamId: string;
  readonly events: readonly NewEvent[];
  readonly bytes: number;
}

/** Appends that wait: a line for each stream, served in turn. No stream waits for all that another one has. */
export class AppendQueue<Append extends Queued> {
  /** The stream whose turn it is comes first. None is empty. */
  readonly #lines = new Map<string, Append[]>();

  get isEmpty(): boolean {
    return this.#lines.size === 0;
  }

  add(append: Append): void {
    const line = this.#lines.get(append.streamId);
    if (line === undefined) this.#lines.set(append.streamId, [append]);
    else line.push(append);
  }

  remove(append: Append): void {
    const left = this.#lines.get(append.streamId)?.filter((other) => other !== append) ?? [];
    if (left.length === 0) this.#lines.delete(append.streamId);
    else this.#lines.set(append.streamId, left);
  }

  /** As much as one call may carry: one append if there is any, and at most one for each stream. */
  take(): Append[] {
    const taken: Append[] = [];
    let [events, bytes] = [0, 0];
    for (const [first] of [...this.#lines.values()]) {
      if (first === undefined) continue;
      events += first.events.length;
      bytes += first.bytes;
      if (taken.length > 0 && (events > MAX_EVENTS_PER_CALL || bytes > MAX_BYTES_PER_CALL)) break;
      taken.push(first);
      this.#advance(first.streamId);
    }
    return taken;
  }

  takeAll(): Append[] {
    const all = [...this.#lines.values()].flat();
    this.#lines.clear();
    return all;
  }

  /** The rest of the line waits for its next turn, behind all others. */
  #advance(streamId: string): void {
    const [, ...rest] = this.#lines.get(streamId) ?? [];
    this.#lines.delete(streamId);
    if (rest.length > 0) this.#lines.set(streamId, rest);
  }
}
