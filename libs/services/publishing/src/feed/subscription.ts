import { setImmediate as nextTurn } from 'node:timers/promises';
import { onTokenEnd, Problem, type Principal, type Source } from '@keyledger/edge';
import {
  isBeginning,
  LogReplaced,
  LogUnavailable,
  pause,
  type EventLog,
  type FollowItem,
  type Position,
  type RecordedEvent,
} from '@keyledger/event-log';
import { feedEventsOf, UnreadableEvent, type FeedEvent, type LatestEvents } from './latest-events.js';
import type { Turns } from './turns.js';

/** What a door sends to one subscriber. Both answer false where nothing more should be sent before it is drained. */
export interface Outlet {
  send(events: readonly FeedEvent[]): boolean;
  /** Nothing more is wanted of what is up to here; the same again where nothing has come. */
  tell(position: Position): boolean;
  /** Resolves when all is out, or nobody is there any more. */
  drained(): Promise<void>;
}

/** Less than what gateways cut off for its silence. */
const KEEP_ALIVE_MS = 15_000;
/** So much is given to a reader at once, and one event more. */
const PORTION_BYTES = 65_536;
const PORTION_EVENTS = 128;
/** A reader that needs longer for a portion is told, and left. */
const SLOWEST_MS = 30_000;
/** For this long a reader who catches up may keep his turn without reading. */
const TURN_WITHOUT_READING_MS = 500;
const LONGEST_TURN_MS = 2_000;
const LOG_AWAY_MS = 1_000;

export const stopping = (): Problem =>
  new Problem('log-unavailable', 'This server is stopping. Connect again, from the last position that you have.', [], {
    'Retry-After': '1',
  });

const tooSlow = (): Problem =>
  new Problem('too-busy', 'You read too slowly. Connect again, from the last position that you have.');

const unreadable = (): Problem =>
  new Problem('log-unavailable', 'This server cannot read the next event, of a newer version. Connect to another one.');

/** What a subscriber is told of it. */
export const toTell = (error: unknown): unknown => (error instanceof UnreadableEvent ? unreadable() : error);

interface Portion {
  readonly events: readonly FeedEvent[];
  /** All that is wanted up to here has then been sent. */
  readonly position: Position;
}

type EndOfTurn = 'done' | 'reader-is-slow' | 'log-is-away';

/** Cut so that none is much larger than a reader is given at once. */
function* portionsOf(events: Iterable<FeedEvent>, end: Position): Generator<Portion> {
  let portion: FeedEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    portion.push(event);
    bytes += event.size;
    if (bytes < PORTION_BYTES) continue;
    yield { events: portion, position: event.position };
    portion = [];
    bytes = 0;
  }
  yield { events: portion, position: end };
}

interface Parts {
  readonly log: EventLog;
  readonly source: Source;
  readonly latest: LatestEvents;
  readonly turns: Turns;
  readonly onSent: (events: number) => void;
  readonly isWanted: (event: FeedEvent) => boolean;
  readonly caller: Principal;
  /** Everything after this is sent. */
  readonly start: Position;
}

/**
 * One subscriber of the feed. Nothing is read for it before it has taken what it was given. It goes along with the
 * latest events, and reads the log itself where it is behind those.
 */
export class Subscription {
  #position: Position;
  #toldAtMs = 0;
  readonly #ending = new AbortController();

  constructor(private readonly parts: Parts) {
    this.#position = parts.start;
  }

  get start(): Position {
    return this.parts.start;
  }

  /** Ends it: with a problem that the subscriber is told, or without where there is nobody to tell. */
  end(problem?: Problem): void {
    this.#ending.abort(problem);
  }

  /** Sends until it is ended. Throws the problem that ends it, or LogReplaced. */
  async run(outlet: Outlet): Promise<void> {
    const { caller, latest } = this.parts;
    const { signal } = this.#ending;
    const forgetToken = onTokenEnd(caller, (problem) => this.end(problem));
    this.#toldAtMs = performance.now();
    try {
      while (!signal.aborted) {
        if (latest.failure !== undefined) throw toTell(latest.failure);
        await (latest.covers(this.#position) ? this.#goAlong(outlet) : this.#catchUp(outlet));
      }
    } finally {
      forgetToken();
    }
    if (signal.reason instanceof Problem) throw signal.reason;
  }

  async #goAlong(outlet: Outlet): Promise<void> {
    const { latest, isWanted } = this.parts;
    const seen = latest.progress.count;
    const { events, position } = latest.after(this.#position, PORTION_EVENTS);
    if (position === this.#position) await latest.progress.wait(seen, this.#restMs(), this.#ending.signal);
    for (const portion of portionsOf(events.filter(isWanted), position)) {
      if (!this.#give(outlet, portion)) await this.#requireRoom(outlet);
    }
  }

  async #catchUp(outlet: Outlet): Promise<void> {
    const { turns } = this.parts;
    const { signal } = this.#ending;
    // It may wait here for long.
    if (!this.#give(outlet, { events: [], position: this.#position })) await this.#requireRoom(outlet);
    if (!(await turns.take(this.#restMs(), signal))) return;
    const why = await this.#readOn(outlet).finally(() => turns.give());
    if (why === 'reader-is-slow') await this.#requireRoom(outlet);
    if (why === 'log-is-away') await pause(LOG_AWAY_MS, signal);
  }

  /** Reads and gives for a while, until the turn is over for this reason. */
  async #readOn(outlet: Outlet): Promise<EndOfTurn> {
    const untilMs = performance.now() + LONGEST_TURN_MS;
    try {
      for await (const item of await this.#fromHere()) {
        const why = await this.#takeItem(outlet, item);
        if (why !== undefined) return why;
        if (this.parts.latest.covers(this.#position) || performance.now() > untilMs) break;
      }
      return 'done';
    } catch (error) {
      if (error instanceof LogUnavailable) return 'log-is-away';
      throw toTell(error);
    }
  }

  async #takeItem(outlet: Outlet, item: FollowItem): Promise<EndOfTurn | undefined> {
    if (item.kind === 'unavailable') return 'log-is-away';
    if (item.kind === 'caught-up' || (await this.#giveAll(outlet, item.events))) return undefined;
    return 'reader-is-slow';
  }

  async #fromHere(): Promise<AsyncIterable<FollowItem>> {
    const { log } = this.parts;
    const anchor = isBeginning(this.#position) ? null : await log.anchorAt(this.#position);
    if (anchor === null && !isBeginning(this.#position)) throw new LogReplaced();
    return log.follow(anchor, this.#ending.signal);
  }

  /** False where the reader takes so long that others should have the turn. What was not given is read again later. */
  async #giveAll(outlet: Outlet, recorded: readonly RecordedEvent[]): Promise<boolean> {
    const { source, isWanted } = this.parts;
    for (let first = 0; first < recorded.length; first += PORTION_EVENTS) {
      const some = recorded.slice(first, first + PORTION_EVENTS);
      const end = some.at(-1)?.position ?? this.#position;
      for (const portion of portionsOf(feedEventsOf(some, source).filter(isWanted), end)) {
        if (!this.#give(outlet, portion) && !(await this.#drained(outlet, TURN_WITHOUT_READING_MS))) return false;
      }
      // Whatever else this process does should not wait for a whole page.
      await nextTurn();
    }
    return true;
  }

  /** False where the reader has to take it first. */
  #give(outlet: Outlet, { events, position }: Portion): boolean {
    this.#position = position;
    if (events.length === 0 && this.#restMs() > 0) return true;
    this.#toldAtMs = performance.now();
    this.parts.onSent(events.length);
    return events.length > 0 ? outlet.send(events) : outlet.tell(position);
  }

  /** Until something should be sent, so that the connection is not taken for dead. */
  #restMs(): number {
    return Math.max(0, this.#toldAtMs + KEEP_ALIVE_MS - performance.now());
  }

  async #requireRoom(outlet: Outlet): Promise<void> {
    if (!(await this.#drained(outlet, SLOWEST_MS))) this.end(tooSlow());
  }

  /** True once the reader has taken all; false where it has not in the time, or the subscription has ended. */
  async #drained(outlet: Outlet, ms: number): Promise<boolean> {
    const { signal } = this.#ending;
    const done = new AbortController();
    const late = pause(ms, AbortSignal.any([signal, done.signal])).then(() => false);
    try {
      return await Promise.race([outlet.drained().then(() => true), late]);
    } finally {
      done.abort();
    }
  }
}
