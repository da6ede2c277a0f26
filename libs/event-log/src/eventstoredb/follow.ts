import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { backoffMs, pause } from '../waiting.js';
import { LogReplaced, LogUnavailable, type Anchor, type FollowItem, type RecordedEvent } from '../event-log.js';
import type { EventStoreClient } from './client.js';
import type { Lease } from './connection.js';
import { LogDamaged, isSlowConsumer, reasonOfFailure } from './failure.js';
import { comparePlaces, placeAt, type Place } from './place.js';
import { ReadAhead } from './read-ahead.js';
import { readAt, toRecorded, type Connection } from './reader.js';
import type { ReceivedEvent } from './received-event.js';
import { EventStoreSubscription, SubscriptionOver } from './subscription.js';
import type { EventStoreTail, Tail } from './tail.js';
import { Wakeup } from '../waiting.js';

/** Twice a second. With the time that a read may take, a silent server is noticed in less than three seconds. */
const ASK_EVERY_MS = 500;
/** A subscription that lacks an event which is in the log, and sends nothing for this long, is dead. */
const PATIENCE_MS = 1_500;
/** For this long a leader may miss an event: it was elected just now, or does not know yet that it leads no more. */
const MISSING_MS = 6_000;
/** With these limits a follower is back within some two seconds after the server. */
const LONGEST_BACKOFF_EXPONENT = 5;
const LONGEST_PATIENCE_EXPONENT = 1;
/** A subscription may end now and then. From the second failure in a row on, followers are told. */
const QUIET_FAILURES = 1;

interface FollowSource {
  readonly connection: Connection;
  readonly tail: EventStoreTail;
  readonly logId: string;
  readonly streams: RegExp;
  /** The log's first event. */
  readonly created: RecordedEvent;
  /** How long a read may be silent. */
  readonly silenceMs: number;
}

/** The last event of ours that was received. */
interface LastReceived {
  readonly eventId: string;
  readonly place: Place;
}

/** One subscription after the other, each from the last event received, into a buffer. */
class Following {
  readonly #source: FollowSource;
  readonly #ahead: ReadAhead;
  readonly #progress = new Wakeup();
  #received: LastReceived;
  #useful = 0;
  #failures = 0;
  #unavailable = false;
  #confirmed = false;
  #missingSinceMs: number | null = null;

  constructor(source: FollowSource, ahead: ReadAhead, received: LastReceived) {
    this.#source = source;
    this.#ahead = ahead;
    this.#received = received;
  }

  /** Until the signal aborts. Throws LogReplaced or LogDamaged. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const useful = this.#useful;
      try {
        await this.#attempt(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof LogReplaced || error instanceof LogDamaged) throw error;
        this.#failures = this.#useful > useful ? 0 : this.#failures + 1;
        await this.#recover(error, signal);
      }
    }
  }

  async #recover(error: unknown, signal: AbortSignal): Promise<void> {
    const over = error instanceof SubscriptionOver;
    if (over && isSlowConsumer(error.cause) && this.#failures === 0) return; // No failure.
    if (!over || this.#failures > QUIET_FAILURES) this.#sayUnavailable(reasonOfFailure(error));
    await pause(backoffMs(Math.min(this.#failures, LONGEST_BACKOFF_EXPONENT)), signal);
  }

  #sayUnavailable(reason: string): void {
    if (!this.#unavailable) this.#ahead.add({ kind: 'unavailable', reason });
    this.#unavailable = true;
  }

  async #attempt(signal: AbortSignal): Promise<void> {
    const lease = await this.#source.connection.lease();
    try {
      await this.#compare(lease);
      await this.#subscribe(lease, signal);
    } catch (error) {
      // A failed read of the tail has been reported to the connection by the read itself.
      if (error instanceof SubscriptionOver) lease.report(error.cause);
      throw error;
    } finally {
      lease.release();
    }
  }

  /** The last event received must still be where it was, or what follows it is another log's. */
  async #compare(lease: Lease<EventStoreClient>): Promise<void> {
    const { eventId, place } = this.#received;
    const found = await readAt(lease.client, place, this.#source.silenceMs).catch((error: unknown) => {
      lease.report(error);
      throw error;
    });
    if (found?.id === eventId) {
      this.#missingSinceMs = null;
      return;
    }
    this.#missingSinceMs ??= performance.now();
    const missingMs = performance.now() - this.#missingSinceMs;
    if (found !== null || missingMs > MISSING_MS) throw new LogReplaced();
    throw new LogUnavailable('the leader does not find the last event that was followed');
  }

  async #subscribe(lease: Lease<EventStoreClient>, signal: AbortSignal): Promise<void> {
    const ahead = this.#ahead;
    const { streams } = this.#source;
    this.#confirmed = false;
    const subscription = new EventStoreSubscription(
      lease,
      { after: this.#received.place, streams, signal },
      (event) => {
        this.#confirmed = true;
        this.#progress.wake();
        if (event !== null) this.#receive(event);
        if (ahead.full) subscription.pause();
      },
    );
    ahead.onRoom = () => subscription.resume();
    try {
      await Promise.race([subscription.over, this.#watch(subscription.stopped)]);
    } finally {
      ahead.onRoom = () => undefined;
      subscription.stop();
    }
  }

  #receive(event: ReceivedEvent): void {
    if (!this.#source.streams.test(event.streamId)) return;
    const recorded = toRecorded(this.#source.logId, event);
    const { place } = event;
    if (place === null || comparePlaces(place, this.#received.place) <= 0) return;
    this.#received = { eventId: event.id, place };
    this.#ahead.addEvent(recorded);
    this.#onUseful();
  }

  #onUseful(): void {
    this.#useful += 1;
    this.#unavailable = false;
  }

  /** Reads the log's end again and again, and waits until all up to it was delivered. Throws if either is silent. */
  async #watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { place } = this.#received;
      const tail = await this.#source.tail.read();
      if (comparePlaces(tail.place, place) < 0)
        throw new SubscriptionOver(new Error('the log ends before this follower'));
      await this.#waitFor(tail, signal);
      if (signal.aborted) return;
      this.#onUseful();
      this.#ahead.add({ kind: 'caught-up', asOfMs: tail.asOfMs });
      await pause(ASK_EVERY_MS, signal);
    }
  }

  async #waitFor(tail: Tail, signal: AbortSignal): Promise<void> {
    while (comparePlaces(this.#received.place, tail.place) < 0 && !signal.aborted) {
      const seen = this.#progress.count;
      await this.#progress.wait(seen, this.#patienceMs(), signal);
      await nextTurn(); // If this process was blocked, what has arrived is read only now.
      const silent = this.#progress.count === seen && !signal.aborted;
      if (silent && !this.#ahead.full) throw new SubscriptionOver(new Error('the subscription is silent'));
    }
  }

  /** Longer once the subscription was confirmed: a slow server would otherwise have to start again for ever. */
  #patienceMs(): number {
    const exponent = this.#confirmed ? Math.min(this.#failures, LONGEST_PATIENCE_EXPONENT) : 0;
    return PATIENCE_MS * 2 ** exponent;
  }
}

/** Follows `$all` by subscriptions, from the last event of ours that is known. See EventLog.follow. */
export async function* followEventStore(
  source: FollowSource,
  anchor: Anchor | null,
  signal: AbortSignal,
): AsyncGenerator<FollowItem> {
  const { logId, created } = source;
  const from = anchor ?? { position: created.position, eventId: created.id };
  const place = placeAt(logId, from.position);
  if (place === null) throw new LogReplaced();
  const ahead = new ReadAhead();
  if (anchor === null) ahead.addEvent(created);
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const following = new Following(source, ahead, { eventId: from.eventId, place });
  void following.run(ended).catch((error: unknown) => ahead.fail(error));
  try {
    for (;;) {
      const item = await ahead.take(signal);
      if (item === null) return;
      yield item;
    }
  } finally {
    stop.abort();
  }
}
