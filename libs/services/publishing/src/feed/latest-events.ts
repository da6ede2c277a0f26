import type { PublicEvent } from '@keyledger/contract';
import {
  LogReplaced,
  Wakeup,
  type Anchor,
  type EventLog,
  type Position,
  type RecordedEvent,
} from '@keyledger/event-log';
import { Recent, type Sink } from '@keyledger/read-models';
import { publicFormOf, type Source } from '@keyledger/edge';

/** The public form has what the stored one holds, and attributes beside it. */
const ATTRIBUTES_BYTES = 512;

/** JSON leaves these as they are. They are no ends of lines here, but some clients take them for such. */
const onOneLine = (event: PublicEvent): string =>
  JSON.stringify(event).replace(
    /[\u0085\u2028\u2029]/g,
    (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** An event for all who get it. Its forms are made once, for the first of them. */
export class FeedEvent {
  #event: PublicEvent | undefined;
  #frame: Buffer | undefined;

  constructor(
    readonly position: Position,
    /** About so many bytes. */
    readonly size: number,
    private readonly make: () => PublicEvent,
  ) {}

  get event(): PublicEvent {
    return (this.#event ??= this.make());
  }

  /** As Server-Sent Events have it. */
  get frame(): Buffer {
    return (this.#frame ??= Buffer.from(`id: ${this.position}\ndata: ${onOneLine(this.event)}\n\n`));
  }
}

/** Nothing can be sent from here on: whoever left it out would break the promise to leave nothing out. */
export class UnreadableEvent extends Error {
  constructor({ id, type, position }: RecordedEvent, cause: unknown) {
    super(`Event ${id} (${type}) at ${position} cannot be read by this version.`, { cause });
    this.name = 'UnreadableEvent';
  }
}

/** What the feed sends of a part of the log. Throws UnreadableEvent. */
export const feedEventsOf = (events: readonly RecordedEvent[], source: Source): readonly FeedEvent[] =>
  events.flatMap((recorded) => {
    try {
      const make = publicFormOf(recorded, source);
      if (make === undefined) return [];
      return new FeedEvent(recorded.position, recorded.data.byteLength + ATTRIBUTES_BYTES, make);
    } catch (error) {
      throw new UnreadableEvent(recorded, error);
    }
  });

/** What comes after a position, as far as it is known. */
interface Following {
  readonly events: readonly FeedEvent[];
  /** All up to here is among them, or came before. */
  readonly position: Position;
}

/** The latest events, in memory: one read of the log for all who are live. */
export class LatestEvents implements Sink {
  /** Wakes when there is more, or an end of all. */
  readonly progress = new Wakeup();
  #anchor: Anchor;
  #before: Position;
  readonly #events = new Recent<FeedEvent>(({ size }) => size);
  #failure: LogReplaced | UnreadableEvent | undefined;

  private constructor(
    private readonly source: Source,
    start: Anchor,
  ) {
    this.#anchor = start;
    this.#before = start.position;
  }

  /** From what the log ends with now. */
  static async open(log: EventLog, streamPrefix: string): Promise<LatestEvents> {
    const start = await log.anchorAt(await log.head());
    if (start === null) throw new LogReplaced();
    return new LatestEvents({ logId: log.logId, streamPrefix }, start);
  }

  get anchor(): Anchor {
    return this.#anchor;
  }

  /** Why nothing more comes; undefined while something may. */
  get failure(): LogReplaced | UnreadableEvent | undefined {
    return this.#failure;
  }

  async lead(follow: () => Promise<void>): Promise<void> {
    try {
      await follow();
    } catch (error) {
      if (error instanceof LogReplaced) this.#fail(error);
      throw error;
    }
  }

  take(events: readonly RecordedEvent[]): Promise<boolean> {
    try {
      const added = feedEventsOf(events, this.source);
      this.#add(added, events.at(-1));
      return Promise.resolve(true);
    } catch (error) {
      if (error instanceof UnreadableEvent) this.#fail(error);
      throw error;
    }
  }

  stored(): Promise<Position> {
    return Promise.resolve(this.#anchor.position);
  }

  mayPass(): boolean {
    return false;
  }

  /** Whether all that comes after the position is here. */
  covers(position: Position): boolean {
    return position >= this.#before;
  }

  /** The first events, at most so many, after a position that this covers. */
  after(position: Position, most: number): Following {
    const first = this.#numberAfter(position);
    const { items } = this.#events;
    const events = items.slice(first, first + most);
    const isAll = first + events.length === items.length;
    const reached = isAll ? this.#anchor.position : (events.at(-1)?.position ?? position);
    return { events, position: reached > position ? reached : position };
  }

  #numberAfter(position: Position): number {
    const { items } = this.#events;
    let [low, high] = [0, items.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((items[middle]?.position ?? '') > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #add(added: readonly FeedEvent[], last: RecordedEvent | undefined): void {
    const dropped = this.#events.add(added).at(-1);
    if (dropped !== undefined) this.#before = dropped.position;
    if (last !== undefined) this.#anchor = { position: last.position, eventId: last.id };
    this.progress.wake();
  }

  #fail(error: LogReplaced | UnreadableEvent): void {
    this.#failure = error;
    this.progress.wake();
  }
}
