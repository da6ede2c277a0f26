import { performance } from 'node:perf_hooks';
import { NO_STREAM, isLogId, type RecordedEvent } from '../event-log.js';
import { newFirstEvent, type FirstEvent } from '../first-event.js';
import { backoffMs, pause } from '../waiting.js';
import { AllNotReadable, LogRefused, isForGood, withTimeout } from './failure.js';
import { readPage, toRecorded, type Connection } from './reader.js';
import type { ReceivedEvent } from './received-event.js';

const logIdOf = (firstEvent: FirstEvent, event: ReceivedEvent): string => {
  try {
    const logId = firstEvent.logIdOf({ type: event.type, data: event.payload().data });
    if (logId !== undefined && isLogId(logId)) return logId;
  } catch {
    // Too deep to be written again: no event of ours.
  }
  throw new LogRefused(
    `The stream ${event.streamId} holds something else: set KEYLEDGER_STREAM_PREFIX to another prefix.`,
  );
};

interface CreationOptions {
  readonly connection: Connection;
  readonly logStream: string;
  readonly firstEvent: FirstEvent;
  readonly deadlineMs: number;
  readonly mayCreate: boolean;
}

/**
 * The log's first event, written now if there is none. Processes that start together find the same one: it is written
 * with the expectation that there is none, and then read.
 */
export const createOrRead = async (options: CreationOptions): Promise<{ logId: string; created: RecordedEvent }> => {
  const { connection, logStream, firstEvent, deadlineMs, mayCreate } = options;
  const creation = newFirstEvent(firstEvent);
  const endMs = performance.now() + deadlineMs;
  let failure: Error | null = null;
  for (let attempt = 0; ; attempt += 1) {
    const [first] = await readPage(connection, logStream, { from: 0, count: 1, silenceMs: deadlineMs });
    if (first !== undefined) {
      const logId = logIdOf(firstEvent, first);
      return { logId, created: toRecorded(logId, first) };
    }
    if (!mayCreate) throw new LogRefused(`There is no stream ${logStream} in EventStoreDB, and no log is made.`);
    if (failure !== null && (isForGood(failure) || performance.now() > endMs)) throw failure;
    if (attempt > 0) await pause(backoffMs(attempt));
    // Whether it succeeded or not, the next read shows what is there.
    failure = await connection
      .run((client) => withTimeout(deadlineMs, client.append(logStream, NO_STREAM, [creation], deadlineMs)))
      .then(() => null)
      .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  }
};

/** Throws, with the calls that add it, if `$all` must not be read. Only after other reads have succeeded. */
export const checkAllIsReadable = async (connection: Connection, silenceMs: number): Promise<void> => {
  try {
    await connection.run((client) => client.readBackwards(null, 1, { silenceMs, take: () => true }));
  } catch (error) {
    throw error instanceof AllNotReadable ? new LogRefused(error.message, error) : error;
  }
};
