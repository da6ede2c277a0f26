import { Wakeup, type Anchor, type EventLog, type FollowItem, type RecordedEvent } from '@keyledger/event-log';
import { Recent } from './recent.js';

/** As many as a follower gets at once. */
const PAGE_SIZE = 1_000;
const A_MINUTE_MS = 60_000;

type CaughtUp = Extract<FollowItem, { kind: 'caught-up' }>;
type News = Exclude<FollowItem, { kind: 'events' }>;

const sizeOf = ({ data, metadata }: RecordedEvent): number => data.byteLength + metadata.byteLength;

const anchorAt = ({ position, id }: RecordedEvent): Anchor => ({ position, eventId: id });

const lastOf = (item: FollowItem, before: Anchor | null): Anchor | null => {
  const last = item.kind === 'events' ? item.events.at(-1) : undefined;
  return last === undefined ? before : anchorAt(last);
};

const isAt = ({ position, eventId }: Anchor, anchor: Anchor): boolean =>
  anchor.position === position && anchor.eventId === eventId;

/** One read of the log, for all who listen. It waits for none of them: whoever is too slow has to read for himself. */
class SharedRead {
  readonly #log: EventLog;
  /** The event before the window. */
  #before: Anchor;
  /** The latest events, and the number of the first of them, counted from the start of this read. */
  readonly #window = new Recent(sizeOf);
  #first = 0;
  #news: News | null = null;
  #listeners = 0;
  #ended = false;
  readonly #progress = new Wakeup();
  readonly #stop = new AbortController();

  constructor(log: EventLog, anchor: Anchor) {
    this.#log = log;
    this.#before = anchor;
  }

  /** True once it delivers nothing more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether one who has come as far as `anchor` gets everything behind it here. */
  reaches(anchor: Anchor): boolean {
    return !this.#ended && this.#news?.kind !== 'unavailable' && this.#numberAfter(anchor) !== null;
  }

  /**
   * What comes after `anchor`, until `signal` aborts, or this read ends, or no longer has what comes next. `told` is
   * what its listener knows already.
   */
  async *listen(anchor: Anchor, told: CaughtUp, signal: AbortSignal): AsyncGenerator<FollowItem> {
    let next = this.#numberAfter(anchor) ?? -1;
    let known: News = told;
    this.#enter();
    try {
      while (!signal.aborted && !this.#ended && next >= this.#first) {
        const seen = this.#progress.count;
        const events = this.#window.items.slice(next - this.#first, next - this.#first + PAGE_SIZE);
        next += events.length;
        if (events.length > 0) yield { kind: 'events', events };
        else if (this.#isNewTo(known)) yield (known = this.#news ?? known);
        else await this.#progress.wait(seen, A_MINUTE_MS, signal);
      }
    } finally {
      this.#leave();
    }
  }

  #enter(): void {
    this.#listeners += 1;
    if (this.#listeners === 1) void this.#run();
  }

  #leave(): void {
    this.#listeners -= 1;
    if (this.#listeners > 0) return;
    this.#ended = true;
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    try {
      for await (const item of this.#log.follow(this.#before, this.#stop.signal)) {
        if (item.kind === 'events') this.#add(item.events);
        else this.#news = item;
        this.#progress.wake();
      }
    } catch {
      // Each listener reads for himself now, and so meets what is true for the events that he has.
    }
    this.#ended = true;
    this.#progress.wake();
  }

  #add(events: readonly RecordedEvent[]): void {
    if (this.#news?.kind === 'unavailable') this.#news = null;
    const dropped = this.#window.add(events);
    this.#first += dropped.length;
    const last = dropped.at(-1);
    if (last !== undefined) this.#before = anchorAt(last);
  }

  #numberAfter(anchor: Anchor): number | null {
    if (isAt(anchor, this.#before)) return this.#first;
    const index = this.#window.items.findLastIndex((event) => isAt(anchor, anchorAt(event)));
    return index < 0 ? null : this.#first + index + 1;
  }

  /** A freshness that is older than the known one is no news. */
  #isNewTo(known: News): boolean {
    const news = this.#news;
    if (news?.kind === 'caught-up' && known.kind === 'caught-up') return news.asOfMs > known.asOfMs;
    return news !== null && news !== known;
  }
}

/**
 * The log, save that those of its followers that are live share one read of it, however many they are. Each starts with
 * a read of its own, and comes back to that whenever it falls too far behind, or the shared one ends: only what it
 * reads for itself, from its own last event, tells it that the log was replaced. A slow one never holds up the others.
 */
export const shareFollowing = (log: EventLog): EventLog => {
  let shared: SharedRead | null = null;

  const join = (last: Anchor | null, told: CaughtUp, signal: AbortSignal): AsyncIterable<FollowItem> | null => {
    if (last === null) return null;
    if (shared === null || shared.ended) shared = new SharedRead(log, last);
    return shared.reaches(last) ? shared.listen(last, told, signal) : null;
  };

  async function* follow(anchor: Anchor | null, signal: AbortSignal): AsyncGenerator<FollowItem> {
    let last = anchor;
    while (!signal.aborted) {
      let joined: AsyncIterable<FollowItem> | null = null;
      for await (const item of log.follow(last, signal)) {
        last = lastOf(item, last);
        yield item;
        joined = item.kind === 'caught-up' ? join(last, item, signal) : null;
        if (joined !== null) break;
      }
      if (joined === null) return; // The log is closed.
      for await (const item of joined) {
        last = lastOf(item, last);
        yield item;
      }
    }
  }

  return { ...log, follow };
};
