import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenFoundation } from './foundation.js';
import type { RunningServer } from './server.js';

/** What requests under way have to come to their end. */
const REQUESTS_DEADLINE_MS = 2_700;

/** A stop that takes longer is cut off: nothing that was acknowledged can be lost by that. */
const STOP_DEADLINE_MS = 4_500;

export interface Running {
  readonly server: RunningServer;
  readonly foundation: Pick<OpenFoundation, 'close'>;
  /** Told why, before anything is stopped. */
  readonly onStopping: (why: string) => void;
  /** Resolves when the process cannot go on. */
  readonly lost?: Promise<Error>;
}

/**
 * Stops gracefully on SIGINT and SIGTERM, and ends the process. A signal that comes while it still starts ends it at
 * once, also where it is the first process of a container, which no signal ends by itself. Rejects if it cannot start.
 */
export const runUntilStopped = async (start: () => Promise<Running>): Promise<void> => {
  let running: Running | undefined = undefined;
  let stopping = false;
  const stop = async (why: string, exitCode: number): Promise<void> => {
    if (running === undefined) process.exit(exitCode);
    if (stopping) return;
    stopping = true;
    running.onStopping(why);
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    // Whoever holds a connection open longer is cut off: it must not keep the stores from being closed.
    await Promise.race([running.server.close(), sleep(REQUESTS_DEADLINE_MS)]);
    await running.foundation.close();
    process.exit(exitCode);
  };
  const orFail = (error: unknown): void => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  };
  process.on('SIGINT', () => void stop('interrupted.', 0).catch(orFail));
  process.on('SIGTERM', () => void stop('asked to terminate.', 0).catch(orFail));
  running = await start();
  void running.lost?.then((error) => stop(error.message, 1)).catch(orFail);
};
