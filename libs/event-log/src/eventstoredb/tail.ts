import { performance } from 'node:perf_hooks';
import { LogUnavailable } from '../event-log.js';
import { LogDamaged } from './failure.js';
import { comparePlaces, type Place } from './place.js';
import type { Connection } from './reader.js';
import type { ReceivedEvent } from './received-event.js';

/** Mostly the newest event is ours. Where others write more than we do, pages become larger. */
const PAGE_GROWTH = 16;
const LARGEST_PAGE = 4_096;

export interface Tail {
  /** When the read began (`performance.now()`). */
  readonly asOfMs: number;
  /** Of the last event of ours in the whole log at that time. */
  readonly place: Place;
}

interface Scanned {
  /** The newest event of all that was in the log. */
  readonly end: Place;
  readonly ours: Place;
}

interface Page {
  readonly newest: Place;
  readonly oldest: Place;
  readonly ours: Place | null;
}

interface TailOptions {
  readonly connection: Connection;
  readonly streams: RegExp;
  readonly silenceMs: number;
}

/** Finds the last event of ours by reading `$all` backwards from its end to where an earlier read began. */
export class EventStoreTail {
  readonly #options: TailOptions;
  #scanned: Scanned | null = null;
  #running: Promise<Tail> | null = null;
  #next: Promise<Tail> | null = null;

  constructor(options: TailOptions) {
    this.#options = options;
  }

  /** As of this call or later. Throws what the client reports, or LogUnavailable if nothing of ours is there. */
  read(): Promise<Tail> {
    if (this.#running === null) return (this.#running = this.#scan());
    // A read that has begun may miss what came since. All who ask meanwhile share the next read.
    // They share its failure too: a server that is silent would keep each of them waiting for as long again.
    this.#next ??= this.#running.then(
      () => this.#startNext(),
      (error: unknown) => {
        this.#next = null;
        throw error;
      },
    );
    return this.#next;
  }

  #startNext(): Promise<Tail> {
    this.#next = null;
    return (this.#running = this.#scan());
  }

  async #scan(): Promise<Tail> {
    const asOfMs = performance.now();
    try {
      const scanned = await this.#scanBack(this.#scanned);
      this.#scanned = scanned;
      return { asOfMs, place: scanned.ours };
    } finally {
      this.#running = null;
    }
  }

  async #scanBack(known: Scanned | null): Promise<Scanned> {
    let page = await this.#page(null, 1, known);
    const end = page.newest;
    // The log is shorter than it was: forget what was known of it.
    if (known !== null && comparePlaces(end, known.end) < 0) return this.#scanBack(null);
    for (let count = PAGE_GROWTH; page.ours === null; count = Math.min(LARGEST_PAGE, count * PAGE_GROWTH)) {
      page = await this.#page(page.oldest, count, known);
    }
    return { end, ours: page.ours };
  }

  #page(before: Place | null, count: number, known: Scanned | null): Promise<Page> {
    const { connection, streams, silenceMs } = this.#options;
    return connection.run(async (client) => {
      let page: Page | null = null;
      const take = ({ place, streamId, revision }: ReceivedEvent): boolean => {
        if (place === null) throw new LogDamaged(`revision ${revision} of ${streamId}`, 'has no position');
        const reached = known !== null && comparePlaces(place, known.end) <= 0;
        const found = streams.test(streamId) ? place : null;
        page = { newest: page?.newest ?? place, oldest: place, ours: reached ? known.ours : found };
        return page.ours === null;
      };
      await client.readBackwards(before, count, { silenceMs, take });
      // Not LogReplaced: a follower decides that, because it asks more than once.
      if (page === null) throw new LogUnavailable('EventStoreDB shows nothing of this log.');
      return page;
    });
  }
}
