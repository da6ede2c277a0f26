import { openPostgresEventLog, readOnlyLog, type EventLog } from '@keyledger/event-log';
import type { Config } from './config.js';

const openEngine = (config: Config, databaseUrl: string): Promise<EventLog> => {
  const { streamPrefix, eventLog } = config;
  switch (eventLog) {
    case 'postgres':
      return openPostgresEventLog({ connectionString: databaseUrl, streamPrefix });
    case 'eventstoredb':
      throw new Error('KEYLEDGER_EVENT_LOG=eventstoredb is not there yet');
  }
};

/** The log on the engine that the settings name; `databaseUrl` is the database beside it. */
export const openEventLog = async (config: Config, databaseUrl: string): Promise<EventLog> => {
  const log = await openEngine(config, databaseUrl);
  return config.readOnly ? readOnlyLog(log) : log;
};
