import { firstEvent } from '@keyledger/testing';
import { openEventStoreEventLog, openPostgresEventLog, type EventLog, type RecordedEvent } from '@keyledger/event-log';
import { logSettings } from './log-engine.js';
import type { Settings } from './program.js';

const open = (given: Settings): Promise<EventLog> => {
  const settings = { ...logSettings(given), ...given };
  if (settings['KEYLEDGER_EVENT_LOG'] !== 'eventstoredb')
    return openPostgresEventLog({ firstEvent, connectionString: settings['KEYLEDGER_DATABASE_URL'] ?? '' });
  const { EVENTSTOREDB_USERNAME: username, EVENTSTOREDB_PASSWORD: password } = settings;
  return openEventStoreEventLog({
    firstEvent,
    url: settings['EVENTSTOREDB_URL'] ?? '',
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    streamPrefix: settings['KEYLEDGER_STREAM_PREFIX'] ?? '',
    // Whatever its stream is called: nothing of the installation stays out of sight.
    streams: '.*',
  });
};

/** Everything that the log of a program with these settings holds now, in order, whichever engine holds it. */
export const readLog = async (settings: Settings): Promise<readonly RecordedEvent[]> => {
  const log = await open(settings);
  const abandoned = new AbortController();
  const events: RecordedEvent[] = [];
  try {
    for await (const item of log.follow(null, abandoned.signal)) {
      if (item.kind === 'caught-up') return events;
      if (item.kind === 'events') events.push(...item.events);
    }
    throw new Error('The log ended before it was caught up with.');
  } finally {
    abandoned.abort();
    await log.close();
  }
};

/** Those of one account, which are a stream. */
export const eventsOfAccount = (events: readonly RecordedEvent[], accountId: string): readonly RecordedEvent[] =>
  events.filter(({ streamId }) => streamId.endsWith(`account-${accountId}`));
