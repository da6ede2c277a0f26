import { LogUnavailable } from '../event-log.js';
import { isForGood, reasonOfFailure } from './failure.js';
import { LogDamaged } from './reader.js';
import { EventStoreUrlError, type Endpoint } from './url.js';

/** The log cannot be opened, and trying again is no use. */
export class LogRefused extends Error {
  constructor(reason: string, cause?: unknown) {
    super(`The event log cannot be opened. ${reason}`, { cause });
    this.name = 'LogRefused';
  }
}

/** LogUnavailable if the same may succeed later, else an error that says what a person has to do. */
export const openingError = (error: unknown, hosts: readonly Endpoint[]): Error => {
  const done = [LogRefused, LogUnavailable, LogDamaged, EventStoreUrlError].some((known) => error instanceof known);
  if (done && error instanceof Error) return error;
  const where = hosts.map(({ address, port }) => `${address}:${port}`).join(', ');
  const reason = `EventStoreDB at ${where}: ${reasonOfFailure(error)}.`;
  if (isForGood(error)) return new LogRefused(reason, error);
  return new LogUnavailable(`The event log cannot be opened. ${reason}`, { cause: error });
};
