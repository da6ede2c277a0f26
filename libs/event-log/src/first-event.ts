import { randomBytes, randomUUID } from 'node:crypto';
import type { NewEvent, RecordedEvent } from './event-log.js';

/**
 * The form of the log's first event, which says which log this is. Whoever opens the log gives it, because the log
 * knows the form of no event.
 */
export interface FirstEvent {
  /** Name of the stream of this one event, without the prefix of the installation. */
  readonly stream: string;
  /** `at` is ISO 8601 in UTC. */
  readonly encode: (logId: string, at: string) => Omit<NewEvent, 'id'>;
  /** The log id that the event holds; undefined if it is another event. Never throws. */
  readonly logIdOf: (event: Pick<RecordedEvent, 'type' | 'data'>) => string | undefined;
}

/** The first event of a new log, with a log id that no other log has. */
export const newFirstEvent = ({ encode }: FirstEvent): NewEvent => ({
  id: randomUUID(),
  ...encode(randomBytes(16).toString('hex'), new Date().toISOString()),
});
