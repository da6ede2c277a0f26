import { LogUnavailable } from './event-log.js';
import { isForGood, reasonOfFailure } from './eventstore-failure.js';

/** The log cannot be opened, and trying again is no use. */
export class LogRefused extends Error {
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
