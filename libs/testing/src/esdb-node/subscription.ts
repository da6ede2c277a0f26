import { consumerTooSlow, type ServerError } from './errors.js';
import type { EventFilter } from './event-filter.js';
import type { LogPosition, LogRecord, LogStore } from './log-store.js';
import type { Outlet } from './outlet.js';
import { caughtUpMessage, checkpointMessage, confirmationMessage, eventMessage } from './read-messages.js';

// A page of the catch-up has at most this many events, and as many live ones may wait beside what is in flight.
const PAGE_EVENTS = 32;
const LIVE_PLACES = PAGE_EVENTS;
// A consumer is slow if it takes nothing for so many looks, while more events wait than there are places.
const LOOK_MS = 20;
const LOOKS = 10;

interface SubscriptionSource {
  readonly store: LogStore;
  /** The stream, or null for `$all`. */
  readonly streamId: string | null;
  /** Index of the first record to bring, in the stream or in the log. */
  readonly start: number;
  readonly filter: EventFilter | null;
  readonly withPositions: boolean;
  /** A consumer is taken for too slow at the change to live, as can happen to any. */
  readonly dropAtCaughtUp: boolean;
}

const isVisible = (record: LogRecord): boolean => !record.scavenged && !record.hidden;

/** One subscription: brings what is there, says that it has caught up, and brings what comes. */
export class Subscription {
  readonly #outlet: Outlet;
  readonly #source: SubscriptionSource;
  readonly #stopListening: () => void;
  #next: number;
  #considered = 0;
  #live = false;
  #muted = false;
  #waiting = 0;
  #delivered = 0;
  #looking: NodeJS.Timeout | undefined;
  #wake: () => void = () => undefined;

  constructor(outlet: Outlet, source: SubscriptionSource) {
    this.#outlet = outlet;
    this.#source = source;
    this.#next = source.start;
    this.#stopListening = source.store.listen((record) => this.#heard(record));
    outlet.onClose(() => this.#stop());
  }

  async run(): Promise<void> {
    this.#outlet.write(confirmationMessage());
    while (this.#next < this.#records.length && !this.#outlet.closed) await this.#bringPage();
    if (this.#source.dropAtCaughtUp) return this.#outlet.fail(consumerTooSlow());
    // Of a stream that does not exist nothing is said.
    if (this.#records.length > 0 || this.#source.streamId === null) this.#outlet.write(caughtUpMessage());
    this.#live = true;
    while (!this.#outlet.closed) await this.#bringLive();
  }

  /** While muted it brings nothing and is not dropped; afterwards it brings all that came. */
  mute(muted: boolean): void {
    this.#muted = muted;
    this.#wake();
  }

  end(): void {
    this.#outlet.end();
  }

  /** Sends all that is left and the error right behind it: a client that is behind has the error before the events. */
  fail(error: ServerError): void {
    while (!this.#muted && this.#next < this.#records.length) {
      for (const record of this.#takePage()) this.#write(record);
    }
    this.#outlet.fail(error);
  }

  get #records(): readonly LogRecord[] {
    const { store, streamId } = this.#source;
    return streamId === null ? store.records : store.stream(streamId);
  }

  #matches(record: LogRecord): boolean {
    if (!isVisible(record)) return false;
    const { streamId, filter } = this.#source;
    if (streamId !== null) return record.streamId === streamId;
    return filter === null || filter.matches(record);
  }

  async #bringPage(): Promise<void> {
    // A checkpoint stands on the last event of ours in its page, else on the page's first event, whoever's that is.
    const first = this.#records[this.#next];
    const page = this.#takePage();
    for (const record of page) await this.#bring(record);
    const mark = page.at(-1) ?? first;
    if (this.#next < this.#records.length && mark) this.#checkpoint(mark);
  }

  /** The events of ours among the next ones, as far as the search window goes. */
  #takePage(): LogRecord[] {
    const page: LogRecord[] = [];
    const full = this.#considered + (this.#source.filter?.searchWindow ?? PAGE_EVENTS);
    while (this.#considered < full && page.length < PAGE_EVENTS) {
      const record = this.#records[this.#next];
      if (!record) break;
      this.#next += 1;
      if (isVisible(record)) this.#considered += 1;
      if (this.#matches(record)) page.push(record);
    }
    return page;
  }

  #checkpoint(position: LogPosition): void {
    const { filter } = this.#source;
    if (!filter || this.#considered < filter.checkpointInterval) return;
    this.#considered %= filter.checkpointInterval;
    this.#outlet.write(checkpointMessage(position));
  }

  async #bringLive(): Promise<void> {
    const record = this.#muted ? undefined : this.#records[this.#next];
    if (!record) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
      return;
    }
    this.#next += 1;
    if (this.#matches(record)) {
      this.#waiting -= 1;
      await this.#bring(record);
    }
    this.#considered += 1;
    this.#checkpoint(record);
  }

  async #bring(record: LogRecord): Promise<void> {
    if (this.#outlet.full) await this.#outlet.ready();
    this.#write(record);
  }

  #write(record: LogRecord): void {
    this.#outlet.write(eventMessage(record, this.#source.withPositions || this.#source.streamId === null));
    this.#delivered += 1;
  }

  #heard(record: LogRecord): void {
    if (!this.#live) return;
    if (this.#matches(record)) this.#waiting += 1;
    if (this.#waiting > LIVE_PLACES) this.#watch();
    this.#wake();
  }

  /** Looks, while too many events wait, whether the consumer takes any. */
  #watch(): void {
    if (this.#looking) return;
    let looks = 0;
    let delivered = this.#delivered;
    this.#looking = setInterval(() => {
      looks = this.#delivered === delivered && !this.#muted ? looks + 1 : 0;
      delivered = this.#delivered;
      if (this.#waiting <= LIVE_PLACES) this.#stopLooking();
      else if (looks === LOOKS) this.#outlet.fail(consumerTooSlow());
    }, LOOK_MS);
  }

  #stopLooking(): void {
    clearInterval(this.#looking);
    this.#looking = undefined;
  }

  #stop(): void {
    this.#stopListening();
    this.#stopLooking();
    this.#wake();
  }
}
