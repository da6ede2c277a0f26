import { Wakeup, type Anchor, type EventLog, type FollowItem, type RecordedEvent } from '@keyledger/event-log';

/** The log, with a count of the reads that follow it now, which can be made to fail. */
export class CountedReads {
  readonly log: EventLog;
  /** Reads that were begun, and those of them that have not ended. */
  begun = 0;
  active = 0;
  /** While set, no read gets anywhere. */
  broken: Error | null = null;
  readonly #changed = new Wakeup();
  #breaking = new AbortController();

  constructor(log: EventLog) {
    this.log = { ...log, follow: (anchor, signal) => this.#follow(log, anchor, signal) };
  }

  /** Lets every read under way fail with the error. */
  fail(error: Error): void {
    this.#breaking.abort(error);
    this.#breaking = new AbortController();
  }

  async untilActive(count: number): Promise<void> {
    while (this.active !== count) await this.#changed.wait(this.#changed.count, 1_000);
  }

  async *#follow(log: EventLog, anchor: Anchor | null, signal: AbortSignal): AsyncGenerator<FollowItem> {
    const breaking = this.#breaking.signal;
    this.#count(1);
    this.begun += 1;
    try {
      if (this.broken !== null) throw this.broken;
      for await (const item of log.follow(anchor, AbortSignal.any([signal, breaking]))) yield item;
      if (!signal.aborted) breaking.throwIfAborted();
    } finally {
      this.#count(-1);
    }
  }

  #count(change: number): void {
    this.active += change;
    this.#changed.wake();
  }
}

/** Follows from an anchor, and keeps what it gets; `before` is awaited before it takes the next item. */
export class Reader {
  readonly events: RecordedEvent[] = [];
  readonly outages: FollowItem[] = [];
  freshAsOfMs = -Infinity;
  /** Resolves when it has ended, to what it failed with, if it did. */
  readonly done: Promise<unknown>;
  readonly #stop = new AbortController();
  readonly #progress = new Wakeup();

  constructor(
    log: EventLog,
    anchor: Anchor | null = null,
    private readonly before: () => Promise<unknown> = () => Promise.resolve(),
  ) {
    this.done = this.#read(log.follow(anchor, this.#stop.signal)).catch((error: unknown) => error);
  }

  get anchor(): Anchor | null {
    const last = this.events.at(-1);
    return last === undefined ? null : { position: last.position, eventId: last.id };
  }

  /** Until it has been given the event. */
  async untilSeen(eventId: string | undefined): Promise<void> {
    while (this.events.at(-1)?.id !== eventId) await this.#progress.wait(this.#progress.count, 1_000);
  }

  async untilCount(events: number): Promise<void> {
    while (this.events.length < events && !this.#stop.signal.aborted)
      await this.#progress.wait(this.#progress.count, 1_000);
  }

  async untilFresh(sinceMs: number): Promise<void> {
    while (this.freshAsOfMs < sinceMs) await this.#progress.wait(this.#progress.count, 1_000);
  }

  async untilOut(): Promise<void> {
    while (this.outages.length === 0) await this.#progress.wait(this.#progress.count, 1_000);
  }

  stop(): Promise<unknown> {
    this.#stop.abort();
    this.#progress.wake();
    return this.done;
  }

  async #read(items: AsyncIterable<FollowItem>): Promise<void> {
    for await (const item of items) {
      await this.before();
      if (item.kind === 'events') this.events.push(...item.events);
      else if (item.kind === 'caught-up') this.freshAsOfMs = item.asOfMs;
      else this.outages.push(item);
      this.#progress.wake();
    }
  }
}
