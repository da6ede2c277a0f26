import { Channel, connectivityState } from '@grpc/grpc-js';
import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  START,
  binaryEvent,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type ReadAllOptions,
} from '@eventstore/db-client';
import { performance } from 'node:perf_hooks';
import { NO_STREAM, type NewEvent } from '../event-log.js';
import { storedMetadata } from './metadata.js';
import { channelCredentials } from './channel-credentials.js';
import { NoAnswer, allFailure } from './failure.js';
import { placeOf, type Place } from './place.js';
import { toReceived, type ReceivedEvent, type ResolvedEvent } from './received-event.js';
import { authorityOf, type Credentials, type Endpoint, type EventStoreSettings } from './url.js';

interface ReadOptions {
  /** The read fails with NoAnswer when nothing arrives for this long. */
  readonly silenceMs: number;
  /** Called with each event; false ends the read. */
  readonly take: (event: ReceivedEvent) => boolean;
}

interface SubscriptionHandlers {
  readonly onEvent: (event: ReceivedEvent) => void;
  /** Anything else that shows that the subscription is alive. */
  readonly onSign: () => void;
  /** Called once: the subscription has failed, ended or closed. Nothing is delivered afterwards. */
  readonly onEnd: (error: Error) => void;
}

export interface RunningSubscription {
  pause(): void;
  resume(): void;
  stop(): void;
}

/** Events that the server filters at a time. Small, so that few unwanted ones pass before it reports where it is. */
const SEARCH_WINDOW = 32;
/** A sign of life for every so many search windows. */
const WINDOWS_PER_SIGN = 32;
/** A connection attempt whose packets were lost is not answered even when the network is back: make a new one then. */
const HOPELESS_MS = 2_500;
const MAX_MESSAGE_BYTES = 17 * 1_048_576;
const ANYBODY: Credentials = { username: 'anybody', password: 'none' };

const ignore = (): void => undefined;

interface ReadStream {
  on(event: 'data', listener: (received: ResolvedEvent) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  destroy(): unknown;
  cancel(): Promise<void>;
}

/** Reads to the end, or until `take` has enough. Rejects with what the stream reports, `take` throws, or NoAnswer. */
const readEvents = (read: ReadStream, { silenceMs, take }: ReadOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    // The client reports the same end for a finished read and for one that we cancel: settle only once.
    let done = false;
    const finish = (settle: () => void): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      read.destroy();
      read.cancel().catch(() => undefined);
      settle();
    };
    const fail = (error: Error): void => finish(() => reject(error));
    let received = 0;
    const onSilence = (): void => {
      const before = received;
      // If this process was blocked, the timer fires before data that came in time is read: let that be read first.
      setImmediate(() => received === before && fail(new NoAnswer(silenceMs)));
    };
    const timer = setTimeout(onSilence, silenceMs);
    read.on('error', fail); // Stays: the client may report a failure twice.
    read.on('end', () => finish(resolve));
    read.on('data', (resolved: ResolvedEvent) => {
      if (done) return;
      received += 1;
      timer.refresh();
      try {
        const event = toReceived(resolved);
        if (event !== null && !take(event)) finish(resolve);
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });

/**
 * The official client on a channel that we open and close. Its own reconnecting is off: it closes the channel under
 * calls that are being started, and its failures reject promises that nobody holds.
 */
class SteadyClient extends EventStoreDBClient {
  constructor(settings: EventStoreSettings, endpoint: Endpoint, channel: Channel) {
    const { connectionName, tls } = settings;
    super({ endpoint, connectionName, throwOnAppendFailure: true }, { insecure: !tls });
    this.getChannel = () => Promise.resolve(channel);
    this.handleError = () => Promise.resolve();
  }

  /** As the server calls itself; `unknown` if it does not say. */
  async serverVersion(): Promise<string> {
    return (await this.capabilities).serverVersion;
  }
}

/** Calls to one node. Each asks for the leader; appends and reads reject with what the client reports, or NoAnswer. */
export class EventStoreClient {
  readonly #channel: Channel;
  readonly #client: SteadyClient;
  readonly #credentials: Credentials | undefined;
  readonly #startedMs = performance.now();

  constructor(settings: EventStoreSettings, endpoint: Endpoint) {
    this.#credentials = settings.credentials ?? undefined;
    this.#channel = new Channel(authorityOf(endpoint), channelCredentials(settings, endpoint), {
      'grpc.keepalive_time_ms': settings.keepAliveIntervalMs,
      'grpc.keepalive_timeout_ms': settings.keepAliveTimeoutMs,
      'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
      // Otherwise a new channel shares the connection of the old one, and waits for as long as that would have.
      'grpc.use_local_subchannel_pool': 1,
    });
    this.#client = new SteadyClient(settings, endpoint, this.#channel);
  }

  /** Place of the last event stored; null if the server does not say. May settle late or never: time it. */
  async append(
    streamId: string,
    expectedRevision: number,
    events: readonly NewEvent[],
    deadlineMs: number,
  ): Promise<Place | null> {
    const proposed = events.map(({ id, type, data, metadata }) =>
      binaryEvent({ id, type, data: Uint8Array.from(data), metadata: storedMetadata(metadata) }),
    );
    const { position } = await this.#client.appendToStream(streamId, proposed, {
      expectedRevision: expectedRevision === NO_STREAM ? 'no_stream' : BigInt(expectedRevision),
      // Only a call that carries credentials takes the unary path; a server without users ignores them.
      credentials: this.#credentials ?? ANYBODY,
      requiresLeader: true,
      deadline: deadlineMs,
    });
    return placeOf(position);
  }

  /** At most `maxCount` events from a revision on. */
  readStream(streamId: string, from: number, maxCount: number, options: ReadOptions): Promise<void> {
    const range = { ...this.#asLeader(), fromRevision: BigInt(from), maxCount };
    return readEvents(this.#client.readStream(streamId, range), options);
  }

  /** Forwards from a place, inclusive. */
  readFrom(place: Place, maxCount: number, options: ReadOptions): Promise<void> {
    const range = { ...this.#asLeader(), fromPosition: place, maxCount };
    return this.#readAll(range, options);
  }

  /** Backwards from before a place, or from the end. */
  readBackwards(before: Place | null, maxCount: number, options: ReadOptions): Promise<void> {
    const range = { ...this.#asLeader(), fromPosition: before ?? END, direction: BACKWARDS, maxCount } as const;
    return this.#readAll(range, options);
  }

  /** Events after a place (null: from the start) whose stream matches. */
  subscribe(after: Place | null, streams: RegExp, handlers: SubscriptionHandlers): RunningSubscription {
    const filter = streamNameFilter({
      regex: streams.source,
      maxSearchWindow: SEARCH_WINDOW,
      checkpointInterval: WINDOWS_PER_SIGN,
      checkpointReached: handlers.onSign,
    });
    const subscription = this.#client.subscribeToAll({ ...this.#asLeader(), fromPosition: after ?? START, filter });
    let running = true;
    const stop = (): void => {
      if (!running) return;
      running = false;
      subscription.destroy();
      subscription.unsubscribe().catch(ignore);
    };
    const end = (error: Error): void => {
      if (!running) return;
      stop();
      handlers.onEnd(allFailure(error, this.#credentials?.username));
    };
    const receive = (resolved: AllStreamResolvedEvent): void => {
      try {
        const event = toReceived(resolved);
        if (event !== null) handlers.onEvent(event);
      } catch (error) {
        end(error instanceof Error ? error : new Error(String(error)));
      }
    };
    subscription.on('error', end); // Stays: a failure may be reported twice, and after the end.
    subscription.on('end', () => end(new Error('the subscription has ended')));
    subscription.on('close', () => end(new Error('the subscription was closed')));
    subscription.on('confirmation', () => running && handlers.onSign());
    subscription.on('data', (resolved: AllStreamResolvedEvent) => {
      // The client may deliver events after an error. The next subscription delivers them again.
      if (running) receive(resolved);
    });
    return { pause: () => subscription.pause(), resume: () => subscription.resume(), stop };
  }

  serverVersion(): Promise<string> {
    return this.#client.serverVersion();
  }

  /** Whether its connection is still being made, and may yet come about. */
  get connecting(): boolean {
    const isYoung = performance.now() - this.#startedMs < HOPELESS_MS;
    return isYoung && this.#channel.getConnectivityState(false) === connectivityState.CONNECTING;
  }

  /** Only once no call is under way: one that is being started would never settle. */
  close(): void {
    this.#channel.close();
  }

  #readAll(range: ReadAllOptions, options: ReadOptions): Promise<void> {
    return readEvents(this.#client.readAll(range), options).catch((error: unknown) => {
      throw allFailure(error, this.#credentials?.username);
    });
  }

  #asLeader(): { credentials: Credentials | undefined; requiresLeader: true } {
    return { credentials: this.#credentials, requiresLeader: true };
  }
}
