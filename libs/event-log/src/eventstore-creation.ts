import { randomBytes, randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { backoffMs, pause } from './backoff.js';
import { LogUnavailable, NO_STREAM, type NewEvent, type RecordedEvent } from './event-log.js';
import {
  INVALID_ARGUMENT,
  PERMISSION_DENIED,
  UNAUTHENTICATED,
  isForGood,
  reasonOfFailure,
  statusOf,
} from './eventstore-failure.js';
import { readPage, toRecorded, type Connection, type PlacedEvent } from './eventstore-reader.js';
import { settleWithin } from './settle-within.js';

const LOG_CREATED = 'LogCreated';

/** The log cannot be opened, and trying again is no use. */
class LogRefused extends Error {
  constructor(reason: string, cause?: unknown) {
    super(`The event log cannot be opened. ${reason}`, { cause });
    this.name = 'LogRefused';
  }
}

/** LogUnavailable if the same may succeed later, else an error that says what a person has to do. */
export const openingError = (error: unknown): Error => {
  if (error instanceof LogRefused || error instanceof LogUnavailable) return error;
  const reason = `${reasonOfFailure(error)}.`;
  if (isForGood(error)) return new LogRefused(reason, error);
  return new LogUnavailable(`The event log cannot be opened. ${reason}`, { cause: error });
};

const VERSION = /^(\d+)\.(\d+)\.(\d+)/;
const OLDEST = [23, 10] as const;

/** 24.10.0 to 24.10.4 and 25.0.0 give wrong checkpoints. */
const isDefective = (major: number, minor: number, patch: number): boolean =>
  (major === 24 && minor === 10 && patch <= 4) || (major === 25 && minor === 0 && patch === 0);

/** Throws for a version that must not be used; the answer is a warning, or null. */
export const checkVersion = (version: string): string | null => {
  const [major = 0, minor = 0, patch = 0] = (VERSION.exec(version) ?? []).slice(1).map(Number);
  // A server that was built without a version calls itself 1.0.0 or 0.0.0.
  if (major <= 1) {
    return `EventStoreDB does not say its version (${version}): make sure that it is 23.10 or later, and neither 24.10.0 to 24.10.4 nor 25.0.0.`;
  }
  if (isDefective(major, minor, patch)) {
    throw new LogRefused(
      `EventStoreDB ${version} has a defect in its subscriptions: update it to 24.10.5, 25.0.1 or later.`,
    );
  }
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new LogRefused(`EventStoreDB ${version} is too old: update it to 23.10 or later.`);
  }
  return null;
};

const logIdOf = (event: PlacedEvent): string => {
  try {
    const created: unknown = JSON.parse(Buffer.from(event.data).toString());
    if (typeof created === 'object' && created !== null && 'logId' in created && typeof created.logId === 'string') {
      if (event.type === LOG_CREATED && /^[0-9a-f]{16,64}$/.test(created.logId)) return created.logId;
    }
  } catch {
    // No JSON: no event of ours.
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
}

/**
 * The log's first event, written now if there is none. Processes that start together find the same one: it is written
 * with the expectation that there is none, and then read.
 */
export const createOrRead = async (options: CreationOptions): Promise<{ logId: string; created: RecordedEvent }> => {
  const { connection, logStream, deadlineMs } = options;
  const creation = newCreation();
  const endMs = performance.now() + deadlineMs;
  let failure: unknown = null;
  for (let attempt = 0; ; attempt += 1) {
    const [first] = await readPage(connection, logStream, { from: 0, count: 1, silenceMs: deadlineMs });
    if (first !== undefined) {
      const logId = logIdOf(first);
      return { logId, created: toRecorded(logId, first) };
    }
    if (failure !== null && performance.now() > endMs) throw failure;
    if (attempt > 0) await pause(backoffMs(attempt));
    // Whatever comes of it, the next read tells.
    failure = await connection
      .run((client) => settleWithin(deadlineMs, client.append(logStream, NO_STREAM, [creation], deadlineMs)))
      .then(() => null)
      .catch((error: unknown) => error);
    if ([UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT].includes(statusOf(failure) ?? 0)) throw failure;
  }
};

/** Throws, with the calls that add it, if `$all` must not be read. Only after other reads have succeeded. */
export const checkAllIsReadable = async (
  connection: Connection,
  username: string | undefined,
  silenceMs: number,
): Promise<void> => {
  try {
    await connection.run((client) => client.readBackwards(null, 1, { silenceMs, take: () => true }));
  } catch (error) {
    if (statusOf(error) !== PERMISSION_DENIED) throw error;
    const user = username ?? 'the user';
    throw new LogRefused(
      `EventStoreDB does not let ${user} read $all. As an administrator, add ${user} to those who may: ` +
        "const { metadata } = await client.getStreamMetadata('$all'); const acl = metadata?.acl ?? {}; " +
        "await client.setStreamMetadata('$all', { ...metadata, acl: { ...acl, " +
        `readRoles: [...new Set(['$admins'].concat(acl.readRoles ?? [], '${user}'))] } });`,
      error,
    );
  }
};
