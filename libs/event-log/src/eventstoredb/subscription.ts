import type { EventStoreClient, RunningSubscription } from './client.js';
import type { Lease } from './connection.js';
import { LogDamaged, reasonOfFailure } from './failure.js';
import type { Place } from './place.js';
import type { ReceivedEvent } from './received-event.js';

/** The log could be reached, but the subscription has ended or is dead. `cause` is what it ended with. */
export class SubscriptionOver extends Error {
  constructor(cause: unknown) {
    super(reasonOfFailure(cause), { cause });
    this.name = 'SubscriptionOver';
  }
}

interface SubscriptionRange {
  readonly after: Place;
  readonly streams: RegExp;
  readonly signal: AbortSignal;
}

/** One subscription on one connection, over when it ends, its connection is replaced or `signal` aborts. */
export class EventStoreSubscription {
  /** Rejects, with SubscriptionOver or LogDamaged; never resolves. */
  readonly over: Promise<never>;
  readonly #stop = new AbortController();
  readonly #running: RunningSubscription;

  /** `receive` gets events, and null for other signs of life. */
  constructor(
    { client, retired }: Lease<EventStoreClient>,
    { after, streams, signal }: SubscriptionRange,
    receive: (event: ReceivedEvent | null) => void,
  ) {
    let end: (error: Error) => void = () => undefined;
    this.over = new Promise<never>((_, reject) => {
      end = (error) => reject(error instanceof LogDamaged ? error : new SubscriptionOver(error));
    });
    this.over.catch(() => undefined); // Nobody may be waiting any more.
    this.#running = client.subscribe(after, streams, { onEvent: receive, onSign: () => receive(null), onEnd: end });
    this.#endOn(retired, () => end(new Error('another connection has taken over')));
    this.#endOn(signal, () => end(new Error('nobody follows any more')));
  }

  get stopped(): AbortSignal {
    return this.#stop.signal;
  }

  pause(): void {
    this.#running.pause();
  }

  resume(): void {
    this.#running.resume();
  }

  stop(): void {
    this.#running.stop();
    this.#stop.abort();
  }

  #endOn(signal: AbortSignal, end: () => void): void {
    if (signal.aborted) return end();
    signal.addEventListener('abort', end);
    this.#stop.signal.addEventListener('abort', () => signal.removeEventListener('abort', end));
  }
}
