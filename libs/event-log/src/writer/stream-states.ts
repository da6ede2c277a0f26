import { LRUCache } from 'lru-cache';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { bytesOfAll, type RecordedEvent } from '../event-log.js';
import type { FoldedStream, SnapshotRules, StreamRules } from './stream-rules.js';

const MIN_EVENTS_BETWEEN_SNAPSHOTS = 500;
/** A state may grow by so much for each event until it is worth another snapshot. */
const BYTES_PER_EVENT = 2_500;

/** States of streams, folded from the log: recent ones are cached, long ones start from a snapshot. */
export class StreamStates<State, Event, Context> {
  readonly #rules: StreamRules<State, Event, Context>;
  readonly #cache: LRUCache<string, FoldedStream<State>>;
  readonly #writing = new Map<string, Promise<void>>();
  readonly #empty: FoldedStream<State>;

  constructor(rules: StreamRules<State, Event, Context>, maxBytes: number) {
    this.#rules = rules;
    this.#empty = { state: rules.initial, revision: -1, position: null, eventId: null, sinceSnapshot: 0, bytes: 0 };
    // A state that is larger than the whole cache is kept in it alone: to fold it for each command costs far more.
    const weigh = ({ bytes }: FoldedStream<State>): number => Math.min(maxBytes, Math.max(1, bytes));
    this.#cache = new LRUCache({ maxSize: maxBytes, sizeCalculation: weigh });
  }

  /** As it was when last read or written here; another process may have gone on. */
  cached(streamId: string): FoldedStream<State> | undefined {
    return this.#cache.get(streamId);
  }

  /** Current at some moment during this call. Throws LogUnavailable. */
  async refresh(streamId: string): Promise<FoldedStream<State>> {
    const start = this.#cache.get(streamId) ?? (await this.#fromSnapshot(streamId)) ?? this.#empty;
    let stream = await this.#extend(streamId, start);
    if (stream === null) {
      // What was known is not in this log: it was replaced. Only the log counts.
      this.#cache.delete(streamId);
      await this.#rules.snapshots?.store.discard(streamId).catch(() => undefined);
      stream = (await this.#extend(streamId, this.#empty)) ?? this.#empty;
    }
    this.keep(streamId, stream);
    return stream;
  }

  keep(streamId: string, stream: FoldedStream<State>): void {
    // A read and a write of the same stream may end in either order.
    if (stream.revision < (this.#cache.get(streamId)?.revision ?? 0)) return;
    const due = this.#isSnapshotDue(streamId, stream);
    this.#cache.set(streamId, due ? { ...stream, sinceSnapshot: 0 } : stream);
    if (due) this.#writeSnapshot(streamId, stream);
  }

  drop(streamId: string): void {
    this.#cache.delete(streamId);
  }

  async close(): Promise<void> {
    await Promise.all(this.#writing.values());
  }

  #fold(stream: FoldedStream<State>, events: readonly RecordedEvent[]): FoldedStream<State> {
    const last = events.at(-1);
    if (last === undefined) return stream;
    const { decode, evolve } = this.#rules;
    return {
      state: events.reduce((state, event) => evolve(state, decode(event)), stream.state),
      revision: last.revision,
      position: last.position,
      eventId: last.id,
      sinceSnapshot: stream.sinceSnapshot + events.length,
      bytes: stream.bytes + bytesOfAll(events),
    };
  }

  /** Null if the last event of `stream` is no longer where it was: that event is read again first. */
  async #extend(streamId: string, stream: FoldedStream<State>): Promise<FoldedStream<State> | null> {
    let folded = stream;
    let proved = stream.eventId === null;
    for await (const page of this.#rules.log.readStream(streamId, Math.max(0, stream.revision))) {
      if (!proved && page[0]?.id !== stream.eventId) return null;
      folded = this.#fold(folded, proved ? page : page.slice(1));
      proved = true;
    }
    return proved ? folded : null;
  }

  /** A snapshot only saves time: without a good one the stream is folded from its start. */
  async #fromSnapshot(streamId: string): Promise<FoldedStream<State> | undefined> {
    const { snapshots, log } = this.#rules;
    try {
      const snapshot = await snapshots?.store.load(streamId);
      if (snapshots === undefined || !snapshot || snapshot.logId !== log.logId) return undefined;
      const state = snapshots.deserialise(snapshot.state);
      const bytes = snapshot.state.byteLength;
      return state === undefined ? undefined : { ...snapshot, state, sinceSnapshot: 0, bytes };
    } catch {
      return undefined;
    }
  }

  #isSnapshotDue(streamId: string, { bytes, sinceSnapshot }: FoldedStream<State>): boolean {
    if (this.#rules.snapshots === undefined || this.#writing.has(streamId)) return false;
    return sinceSnapshot > Math.max(MIN_EVENTS_BETWEEN_SNAPSHOTS, bytes / BYTES_PER_EVENT);
  }

  #writeSnapshot(streamId: string, stream: FoldedStream<State>): void {
    const { snapshots } = this.#rules;
    if (snapshots === undefined) return;
    const written = this.#save(snapshots, streamId, stream)
      .catch(() => undefined) // The next one will do.
      .finally(() => this.#writing.delete(streamId));
    this.#writing.set(streamId, written);
  }

  async #save(rules: SnapshotRules<State>, streamId: string, stream: FoldedStream<State>): Promise<void> {
    const { revision, position, eventId, state } = stream;
    if (position === null || eventId === null) return;
    await nextTurn(); // The command's own reply goes first.
    const { logId } = this.#rules.log;
    const serialised = rules.serialise(state);
    this.#weigh(streamId, serialised.byteLength - stream.bytes);
    await rules.store.save(streamId, { logId, revision, position, eventId, state: serialised });
  }

  /** Events that change a state, or take something from it, have only added to what it was thought to take. */
  #weigh(streamId: string, difference: number): void {
    const stream = this.#cache.peek(streamId);
    if (stream !== undefined) this.#cache.set(streamId, { ...stream, bytes: stream.bytes + difference });
  }
}
