import { setTimeout as sleep } from 'node:timers/promises';
import { openPool } from '@keyledger/postgres';
import { shareFollowing } from '@keyledger/read-models';
import { openAuthenticator } from '../access/authenticator.js';
import type { Config } from '../settings/config.js';
import type { Foundation } from './edge.module.js';
import { loadCredentialTypes } from '../credentials/load-credential-types.js';
import { logger } from '../observing/logging.js';
import { firstEvent, streamNames } from '@keyledger/domain';
import { openEventStoreEventLog, openPostgresEventLog, readOnlyLog, type EventLog } from '@keyledger/event-log';

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

interface OpenFoundation extends Foundation {
  close(): Promise<void>;
}

const POOL_SIZE = 20;
const CLOSE_DEADLINE_MS = 1_000;

/** What a read may take, and getting a connection for it: then it is refused, rather than waited for without end. */
const QUERY_DEADLINE_MS = 10_000;

/** A connection in use must not keep the database itself from being stopped. */
const soon = (closing: Promise<unknown>): Promise<unknown> => Promise.race([closing, sleep(CLOSE_DEADLINE_MS)]);

/**
 * Opens what all services of this process stand on, with the read models in the database of `databaseUrl`. What was
 * opened is closed again if something fails.
 */
export const openFoundation = async (config: Config, databaseUrl: string): Promise<OpenFoundation> => {
  const credentialTypes = loadCredentialTypes(config.credentialTypesDir);
  const log = logger(config);
  const deadlines = { connectionTimeoutMillis: QUERY_DEADLINE_MS, query_timeout: QUERY_DEADLINE_MS };
  const pool = openPool(databaseUrl, { max: POOL_SIZE, ...deadlines });
  let isClosing = false;
  pool.on('error', (error) => {
    // The pool is done before its last connections are, and the embedded database may be quicker.
    if (!isClosing) log.warn({ err: error }, 'An idle database connection was lost');
  });
  const closers: (() => Promise<unknown>)[] = [() => soon(pool.end())];
  const close = async (): Promise<void> => {
    isClosing = true;
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    await pool.query('select 1');
    const eventLog = shareFollowing(await openEventLog(config, databaseUrl, (line) => log.warn(line)));
    closers.push(() => soon(eventLog.close()));
    const authenticator = await openAuthenticator(config, log);
    return { config, log: eventLog, pool, authenticator, credentialTypes, close };
  } catch (error) {
    await close();
    throw error;
  }
};
