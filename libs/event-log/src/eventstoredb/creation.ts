import { randomBytes, randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { backoffMs, pause } from '../backoff.js';
import { NO_STREAM, type NewEvent, type RecordedEvent } from '../event-log.js';
import { AllNotReadable, isForGood } from './failure.js';
import { readPage, toRecorded, type Connection } from './reader.js';
import { LogRefused } from './log-refused.js';
import { settleWithin } from './settle-within.js';
import type { StoredEvent } from './received-event.js';

const LOG_CREATED = 'LogCreated';

const logIdOf = (event: StoredEvent): string => {
  try {
    const created: unknown = JSON.parse(Buffer.from(event.payload().data).toString());
    if (typeof created === 'object' && created !== null && 'logId' in created && typeof created.logId === 'string') {
      if (event.type === LOG_CREATED && /^[0-9a-f]{16,64}$/.test(created.logId)) return created.logId;
    }
  } catch {
    // No JSON, or too deep: no event of ours.
  }
  throw new LogRefused(
    `The stream ${event.streamId} holds something else: set KEYLEDGER_STREAM_PREFIX to another prefix.`,
  );
};

const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));

const newCreation = (): NewEvent => {
  const at = new Date().toISOString();
  const logId = randomBytes(16).toString('hex');
  return { id: randomUUID(), type: LOG_CREATED, data: json({ logId, at }), metadata: json({ at, schemaVersion: 1 }) };
};

export interface CreationOptions {
  readonly connection: Connection;
  readonly logStream: string;
  readonly deadlineMs: number;
  readonly mayCreate: boolean;
}

/**
 * The log's first event, written now if there is none. Processes that start together find the same one: it is written
 * with the expectation that there is none, and then read.
 */
export const createOrRead = async (options: CreationOptions): Promise<{ logId: string; created: RecordedEvent }> => {
  const { connection, logStream, deadlineMs, mayCreate } = options;
  const creation = newCreation();
  const endMs = performance.now() + deadlineMs;
  let failure: Error | null = null;
  for (let attempt = 0; ; attempt += 1) {
    const [first] = await readPage(connection, logStream, { from: 0, count: 1, silenceMs: deadlineMs });
    if (first !== undefined) {
      const logId = logIdOf(first);
      return { logId, created: toRecorded(logId, first) };
    }
    if (!mayCreate) throw new LogRefused(`There is no stream ${logStream} in EventStoreDB, and no log is made.`);
    if (failure !== null && (isForGood(failure) || performance.now() > endMs)) throw failure;
    if (attempt > 0) await pause(backoffMs(attempt));
    // Whatever comes of it, the next read tells.
    failure = await connection
      .run((client) => settleWithin(deadlineMs, client.append(logStream, NO_STREAM, [creation], deadlineMs)))
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
