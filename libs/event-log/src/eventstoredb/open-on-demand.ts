import type { EventLog } from '../event-log.js';
import type { EventStoreEventLogOptions } from './eventstore-event-log.js';

/** Opens the log in EventStoreDB, and loads its client only now: with the log in PostgreSQL nobody needs that. */
export const openEventStoreEventLog = async (options: EventStoreEventLogOptions): Promise<EventLog> =>
  (await import('./eventstore-event-log.js')).openEventStoreEventLog(options);
