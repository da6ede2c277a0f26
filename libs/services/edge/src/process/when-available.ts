import { setTimeout as sleep } from 'node:timers/promises';
import { LogUnavailable } from '@keyledger/event-log';
import { isPassing } from '@keyledger/postgres';

/**
 * A server that is not up yet, or whose name is not: refused, unreachable, unknown, starting or stopping (SQLSTATE
 * 57P0x), or a standby that is not the primary yet (25006).
 */
const NOT_UP =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|57P0[123]|25006)$/;

/** What a wrong password or a wrong setting causes would come again; a file that cannot be read as well. */
const mayComeUp = (error: unknown): error is Error => {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return error instanceof LogUnavailable || NOT_UP.test(String(code)) || (code === undefined && isPassing(error));
};

interface Patience {
  /** Told at the first failure, and whenever it is another one. */
  readonly onWaiting: (error: Error) => void;
  readonly deadlineMs?: number;
  readonly pauseMs?: number;
}

/**
 * What `open` opens, tried again while a server that it needs is not up: in whatever order they are started. Rejects
 * with the last error after the deadline, and at once with one that would come again.
 */
export const whenAvailable = async <T>(open: () => Promise<T>, patience: Patience): Promise<T> => {
  const { onWaiting, deadlineMs = 30_000, pauseMs = 1_000 } = patience;
  const deadline = performance.now() + deadlineMs;
  let told: string | undefined;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!mayComeUp(error) || performance.now() + pauseMs > deadline) throw error;
      if (error.message !== told) onWaiting(error);
      told = error.message;
    }
    await sleep(pauseMs);
  }
};
