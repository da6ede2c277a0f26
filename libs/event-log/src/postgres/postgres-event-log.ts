import { LogUnavailable, positionAt, type Anchor, type EventLog, type FollowItem } from '../event-log.js';
import type { FirstEvent } from '../first-event.js';
import { followPages } from './follow.js';
import { PostgresAppender } from './appender.js';
import { Connections } from './connections.js';
import { CHECK_WRITES, isPassing, reasonOf } from '@keyledger/postgres';
import { PostgresReader } from './reader.js';
import { prepareSchema, type LogSchema } from './schema.js';
import { Wakeup } from '../waiting.js';

interface PostgresEventLogOptions {
  readonly connectionString: string;
  readonly firstEvent: FirstEvent;
  /** Put before the names of the schema and of the log's own stream, so that installations can share a database. */
  readonly streamPrefix?: string;
  /** Within this time every append settles. */
  readonly deadlineMs?: number;
  /** False for one who must not write: a log that is not there is then refused, rather than created. */
  readonly mayCreate?: boolean;
}

const SCHEMA_NAME = /^[a-z0-9_-]{1,63}$/;
const READ_CONNECTIONS = 8;

const schemaOf = (streamPrefix: string): string => {
  const name = `${streamPrefix}event_log`;
  if (!SCHEMA_NAME.test(name)) throw new RangeError('A stream prefix has at most 54 characters of a-z, 0-9, _ and -.');
  return name;
};

const prepare = async (connectionString: string, schema: LogSchema): Promise<string> => {
  try {
    return await prepareSchema(connectionString, schema);
  } catch (error) {
    if (!isPassing(error)) throw error;
    throw new LogUnavailable(`The event log cannot be opened: ${reasonOf(error)}`, { cause: error });
  }
};

/** On the connection of the appends, which is replaced where it leads to a server that takes no writes any more. */
const checkWrites = async (forAppends: Connections): Promise<void> => {
  try {
    await forAppends.query({ text: CHECK_WRITES });
  } catch (error) {
    throw new LogUnavailable(`The event log cannot be written: ${reasonOf(error)}`, { cause: error });
  }
};

/** Opens the log, creating it at the first start. Throws LogUnavailable if the database does not answer. */
export const openPostgresEventLog = async (options: PostgresEventLogOptions): Promise<EventLog> => {
  const { connectionString, firstEvent, streamPrefix = '', deadlineMs = 5_000, mayCreate = true } = options;
  const schema = schemaOf(streamPrefix);
  const logStream = `${streamPrefix}${firstEvent.stream}`;
  const logId = await prepare(connectionString, { name: schema, logStream, firstEvent, mayCreate });
  const positionOf = (place: string): string => positionAt(logId, BigInt(place).toString(16).padStart(16, '0'));
  // Appends have a connection of their own: many readers must not keep the one writer waiting.
  const forAppends = new Connections({ connectionString, max: 1, deadlineMs });
  const forReads = new Connections({ connectionString, max: READ_CONNECTIONS, deadlineMs });
  const appended = new Wakeup();
  const onCommit = (): void => appended.wake();
  const appender = new PostgresAppender({ connections: forAppends, schema, deadlineMs, positionOf, onCommit });
  const reader = new PostgresReader({ connections: forReads, schema, logId, firstEvent, positionOf });
  const source = { readAfter: (anchor: Anchor | null) => reader.readAfter(anchor), appended };
  const closing = new AbortController();
  return {
    logId,
    append: (streamId, expectedRevision, events, wanted) => appender.append(streamId, expectedRevision, events, wanted),
    readStream: (streamId, fromRevision) => reader.readStream(streamId, fromRevision),
    follow: (anchor, signal): AsyncIterable<FollowItem> =>
      followPages(source, anchor, AbortSignal.any([signal, closing.signal])),
    head: () => reader.head(),
    anchorAt: (position) => reader.anchorAt(position),
    ping: async () => {
      await reader.ping();
      if (mayCreate) await checkWrites(forAppends);
    },
    close: async () => {
      closing.abort();
      await appender.close();
      await Promise.all([forAppends.close(), forReads.close()]);
    },
  };
};
