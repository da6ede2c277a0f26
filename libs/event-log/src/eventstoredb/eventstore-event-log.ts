import {
  bytesOf,
  LogReplaced,
  LogUnavailable,
  type EventLog,
  type FollowItem,
  type Position,
  type RecordedEvent,
} from '../event-log.js';
import { EventStoreAppender } from './appender.js';
import { EventStoreClient } from './client.js';
import { EventStoreConnection } from './connection.js';
import { checkAllIsReadable, createOrRead } from './creation.js';
import { LogDamaged, openingError, reasonOfFailure, typeOf, withTimeout } from './failure.js';
import type { FirstEvent } from '../first-event.js';
import { followEventStore } from './follow.js';
import { placeAt, positionOf } from './place.js';
import { readAt, readPage, toRecorded, type Connection } from './reader.js';
import { EventStoreTail } from './tail.js';
import { checkVersion } from './version.js';
import { parseEventStoreUrl, type EventStoreSettings } from './url.js';
import type { ReceivedEvent } from './received-event.js';

export interface EventStoreEventLogOptions {
  /** `esdb://host:port?tls=false`; several hosts, or `esdb+discover://`, for a cluster. */
  readonly url: string;
  /** These two count more than a user and password in the URL. */
  readonly username?: string;
  readonly password?: string;
  /** Put before the names of all streams, so that installations can share a server: a-z, 0-9 and -, at most 32. */
  readonly streamPrefix?: string;
  /** Source of a regular expression for the names of all streams but the first event's, without prefix and anchors. */
  readonly streams: string;
  readonly firstEvent: FirstEvent;
  /** Within this time every append settles. */
  readonly deadlineMs?: number;
  /** False for one who must not write: a log that is not there is then refused, rather than created. */
  readonly mayCreate?: boolean;
  readonly onWarning?: (line: string) => void;
}

const STREAM_PREFIX = /^[a-z0-9-]{0,32}$/;
const PAGE_SIZE = 1_000;
/** As on PostgreSQL: most want the tail, or a few events whose place they know. */
const FIRST_PAGE_SIZE = 32;
const PAGE_BYTES = 4 * 1024 * 1024;
/** How much longer than the one before a page may be. */
const GROWTH = 8;
/** A read that decides whether a follower is fresh, or whether the log answers. */
const PROBE_SILENCE_MS = 2_000;

const settingsOf = ({ url, username, password, onWarning }: EventStoreEventLogOptions): EventStoreSettings => {
  const settings = parseEventStoreUrl(url);
  for (const option of settings.unused) {
    onWarning?.(`EVENTSTOREDB_URL: ${option} has no effect: the log times its calls and finds the leader by itself.`);
  }
  const { credentials } = settings;
  if (username === undefined && password === undefined) return settings;
  const given = {
    username: '',
    password: '',
    ...credentials,
    ...(username && { username }),
    ...(password && { password }),
  };
  return { ...settings, credentials: given };
};

const connectTo = (settings: EventStoreSettings, logStream: string): Connection => {
  const silenceMs = settings.probeTimeoutMs;
  return new EventStoreConnection({
    hosts: settings.hosts,
    connect: (endpoint) => new EventStoreClient(settings, endpoint),
    prove: (client) =>
      client.readStream(logStream, 0, 1, { silenceMs, take: () => true }).catch((error: unknown) => {
        if (typeOf(error) !== 'stream-not-found') throw error;
      }),
  });
};

/** Of the next page: as many as fit if they are as large as those of `page`. A read is bounded by count alone. */
const sizeAfter = (page: readonly RecordedEvent[]): number => {
  const bytes = page.reduce((sum, event) => sum + bytesOf(event), 0);
  const fitting = Math.floor((PAGE_BYTES * page.length) / bytes);
  return Math.max(1, Math.min(PAGE_SIZE, GROWTH * page.length, fitting));
};

const unavailable = (error: unknown): Error =>
  error instanceof LogUnavailable || error instanceof LogDamaged
    ? error
    : new LogUnavailable(`The event log cannot be read: ${reasonOfFailure(error)}`, { cause: error });

const readable = <Value>(read: Promise<Value>): Promise<Value> =>
  read.catch((error: unknown) => Promise.reject(unavailable(error)));

interface Opened {
  readonly connection: Connection;
  readonly logStream: string;
  readonly logId: string;
  readonly created: RecordedEvent;
  readonly streams: RegExp;
  readonly deadlineMs: number;
}

const toEventLog = ({ connection, logStream, logId, created, streams, deadlineMs }: Opened): EventLog => {
  const verify = async (client: EventStoreClient): Promise<void> => {
    const ids: string[] = [];
    const take = ({ id }: ReceivedEvent): boolean => ids.push(id) < 1;
    await client.readStream(logStream, 0, 1, { silenceMs: deadlineMs, take }).catch((error: unknown) => {
      if (typeOf(error) !== 'stream-not-found') throw error;
      throw new LogUnavailable('the log that was opened is not there');
    });
    if (ids[0] !== created.id) throw new LogReplaced();
  };
  const appender = new EventStoreAppender({ connection, logId, streams, deadlineMs, verify });
  const tail = new EventStoreTail({ connection, streams, silenceMs: PROBE_SILENCE_MS });
  const source = { connection, tail, logId, streams, created, silenceMs: PROBE_SILENCE_MS };
  const closing = new AbortController();

  async function* readStream(streamId: string, fromRevision: number): AsyncGenerator<readonly RecordedEvent[]> {
    let from = fromRevision;
    let count = FIRST_PAGE_SIZE;
    for (;;) {
      const events = await readable(readPage(connection, streamId, { from, count, silenceMs: deadlineMs }));
      const page = events.map((event) => toRecorded(logId, event));
      if (page.length > 0) yield page;
      if (page.length < count) return;
      from += count;
      count = sizeAfter(page);
    }
  }

  return {
    logId,
    append: (streamId, expectedRevision, events, wanted) => appender.append(streamId, expectedRevision, events, wanted),
    readStream,
    follow: (anchor, signal): AsyncIterable<FollowItem> =>
      followEventStore(source, anchor, AbortSignal.any([signal, closing.signal])),
    head: async (): Promise<Position> => positionOf(logId, (await readable(tail.read())).place),
    anchorAt: async (position) => {
      const place = placeAt(logId, position);
      if (place === null) return null;
      const found = await readable(connection.run((client) => readAt(client, place, deadlineMs)));
      return found === null || !streams.test(found.streamId) ? null : { position, eventId: found.id };
    },
    ping: async () => {
      const page = { from: 0, count: 1, silenceMs: deadlineMs };
      const [first] = await readable(readPage(connection, logStream, page));
      if (first?.id !== created.id) throw new LogReplaced();
    },
    close: async () => {
      closing.abort();
      await appender.close();
      await connection.close();
    },
  };
};

/**
 * Opens the log on EventStoreDB, creating it at the first start. Throws LogUnavailable if no leader answers, RangeError
 * for a wrong prefix, and an error that says what to do for what only a person can mend.
 */
export const openEventStoreEventLog = async (options: EventStoreEventLogOptions): Promise<EventLog> => {
  const { streamPrefix = '', firstEvent, deadlineMs = 5_000, onWarning } = options;
  if (!STREAM_PREFIX.test(streamPrefix)) throw new RangeError('A stream prefix has at most 32 of a-z, 0-9 and -.');
  const settings = settingsOf(options);
  const logStream = `${streamPrefix}${firstEvent.stream}`;
  const connection = connectTo(settings, logStream);
  try {
    const version = await connection.run((client) => withTimeout(deadlineMs, client.serverVersion()));
    const warning = checkVersion(version);
    if (warning !== null) onWarning?.(warning);
    const mayCreate = options.mayCreate !== false;
    const { logId, created } = await createOrRead({ connection, logStream, firstEvent, deadlineMs, mayCreate });
    await checkAllIsReadable(connection, deadlineMs);
    const streams = new RegExp(`^${streamPrefix}(?:${firstEvent.stream}|${options.streams})$`);
    return toEventLog({ connection, logStream, logId, created, streams, deadlineMs });
  } catch (error) {
    await connection.close();
    throw openingError(error, settings.hosts);
  }
};
