import { performance } from 'node:perf_hooks';
import {
  checkAppend,
  LogReplaced,
  LogUnavailable,
  type AppendOutcome,
  type NewEvent,
  type Position,
  type WantedPositions,
} from '../event-log.js';
import type { EventStoreClient } from './client.js';
import { currentRevisionOf, isNotSent, reasonOfFailure, withTimeout } from './failure.js';
import { positionOf, type Place } from './place.js';
import { readPage, type Connection } from './reader.js';

/** An append that is stored may read its positions for this long, even after its deadline. */
const SHORTEST_READ_MS = 500;

interface EventStoreAppenderOptions {
  readonly connection: Connection;
  readonly logId: string;
  /** Every stream that followers will see. */
  readonly streams: RegExp;
  readonly deadlineMs: number;
  /** Rejects if the log that a client reaches is not the one that was opened. */
  readonly verify: (client: EventStoreClient) => Promise<void>;
}

interface Append {
  readonly streamId: string;
  readonly expectedRevision: number;
  readonly events: readonly NewEvent[];
  readonly wanted: WantedPositions;
  readonly endMs: number;
}

const leftMs = ({ endMs }: Append): number => Math.max(1, endMs - performance.now());

/** Stores by unary calls, each settled by its deadline or half a second after it. */
export class EventStoreAppender {
  readonly #options: EventStoreAppenderOptions;
  readonly #running = new Set<Promise<AppendOutcome>>();
  readonly #verified = new WeakSet<EventStoreClient>();
  #closed = false;

  constructor(options: EventStoreAppenderOptions) {
    this.#options = options;
  }

  async append(
    streamId: string,
    expectedRevision: number,
    events: readonly NewEvent[],
    wanted: WantedPositions = 'last',
  ): Promise<AppendOutcome> {
    checkAppend(streamId, expectedRevision, events);
    if (!this.#options.streams.test(streamId)) throw new RangeError(`${streamId} is not among the log's streams.`);
    if (this.#closed) return { kind: 'unavailable', reason: 'the log is closed' };
    const endMs = performance.now() + this.#options.deadlineMs;
    const running = this.#settle({ streamId, expectedRevision, events, wanted, endMs });
    this.#running.add(running);
    return running.finally(() => this.#running.delete(running));
  }

  /** Waits for the outcome of all that is under way; later appends are refused. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#running);
  }

  async #settle(append: Append): Promise<AppendOutcome> {
    const sending = { sent: false, over: false };
    try {
      const place = await withTimeout(leftMs(append), this.#send(append, sending));
      return { kind: 'ok', positions: await this.#positions(append, place) };
    } catch (error) {
      if (error instanceof LogReplaced) throw error;
      const currentRevision = currentRevisionOf(error);
      if (currentRevision !== null) return { kind: 'conflict', currentRevision };
      return { kind: sending.sent ? 'unknown' : 'unavailable', reason: reasonOfFailure(error) };
    } finally {
      sending.over = true;
    }
  }

  #send(append: Append, sending: { sent: boolean; over: boolean }): Promise<Place | null> {
    const { streamId, expectedRevision, events } = append;
    return this.#options.connection.run(async (client) => {
      // A server that comes back can hold another log, or none: what we wrote there would be lost.
      if (!this.#verified.has(client)) await this.#options.verify(client);
      this.#verified.add(client);
      // The caller has been told that nothing was stored.
      if (sending.over) throw new LogUnavailable('the append was given up before it was sent');
      sending.sent = true;
      try {
        const deadlineMs = leftMs(append);
        return await withTimeout(deadlineMs, client.append(streamId, expectedRevision, events, deadlineMs));
      } catch (error) {
        if (isNotSent(error)) sending.sent = false;
        throw error;
      }
    });
  }

  /** The server answers with the place of the last event at most. Throws if what is missing cannot be read now. */
  async #positions(append: Append, last: Place | null): Promise<readonly Position[]> {
    const { connection, logId } = this.#options;
    const { streamId, expectedRevision, events, wanted } = append;
    if (last !== null && (wanted === 'last' || events.length === 1)) return [positionOf(logId, last)];
    const silenceMs = Math.max(SHORTEST_READ_MS, leftMs(append));
    const page = { from: expectedRevision + 1, count: events.length, silenceMs };
    const stored = await withTimeout(silenceMs, readPage(connection, streamId, page));
    if (stored.length === events.length && stored.every(({ id }, index) => id === events[index]?.id)) {
      const positions = stored.map(({ place }) => positionOf(logId, place));
      return wanted === 'each' ? positions : positions.slice(-1);
    }
    throw new Error('what was stored is not there any more');
  }
}
