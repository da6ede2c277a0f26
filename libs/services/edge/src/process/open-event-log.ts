import { firstEvent, streamNames } from '@keyledger/domain';
import { openEventStoreEventLog, openPostgresEventLog, readOnlyLog, type EventLog } from '@keyledger/event-log';
import type { Config } from '../settings/config.js';

type Warn = (line: string) => void;

const openEngine = (config: Config, databaseUrl: string, onWarning?: Warn): Promise<EventLog> => {
  const { streamPrefix, eventLog, eventStoreUrl, eventStoreUsername, eventStorePassword } = config;
  // An empty log that is made while writes are paused is never what was meant.
  const mayCreate = !config.readOnly;
  switch (eventLog) {
    case 'postgres':
      return openPostgresEventLog({ connectionString: databaseUrl, firstEvent, streamPrefix, mayCreate });
    case 'eventstoredb':
      return openEventStoreEventLog({
        url: eventStoreUrl ?? '',
        username: eventStoreUsername ?? undefined,
        password: eventStorePassword ?? undefined,
        streamPrefix,
        streams: streamNames,
        firstEvent,
        mayCreate,
        onWarning,
      });
  }
};

/** The log on the engine that the settings name; `databaseUrl` is the database beside it. */
export const openEventLog = async (config: Config, databaseUrl: string, onWarning?: Warn): Promise<EventLog> => {
  const log = await openEngine(config, databaseUrl, onWarning);
  return config.readOnly ? readOnlyLog(log) : log;
};
