import { createHash } from 'node:crypto';
import type { Settings } from './program.js';

/** Environment variable in which the global setup tells the suites where the EventStoreDB of this run is. */
export const EVENT_STORE = 'KEYLEDGER_TEST_EVENT_STORE';

export interface EventStoreAddress {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** A server that the environment names, one in a container, or our own node that speaks its protocol. */
  readonly kind: 'given' | 'container' | 'node';
}

/** The EventStoreDB of this run; null where the log is in PostgreSQL. */
export const eventStore = (): EventStoreAddress | null => {
  const told = process.env[EVENT_STORE];
  return told === undefined ? null : (JSON.parse(told) as EventStoreAddress);
};

/** The data that a log belongs to: a database, by whatever way it is reached, or the folder of the embedded one. */
const homeOf = ({ KEYLEDGER_DATABASE_URL: url, KEYLEDGER_DATA_DIR: folder = '' }: Settings): string =>
  url !== undefined && URL.canParse(url) ? new URL(url).pathname : folder;

/**
 * What puts the log of a program on the engine of this run. A server of EventStoreDB may hold anything, so each data
 * directory and each database has a prefix of its own there, the same one whenever it is used.
 */
export const logSettings = (settings: Settings): Settings => {
  const store = eventStore();
  if (store === null) return {};
  const digest = createHash('sha256').update(homeOf(settings)).digest('hex');
  return {
    ...{ KEYLEDGER_EVENT_LOG: 'eventstoredb', EVENTSTOREDB_URL: store.url },
    ...(store.username === undefined ? {} : { EVENTSTOREDB_USERNAME: store.username }),
    ...(store.password === undefined ? {} : { EVENTSTOREDB_PASSWORD: store.password }),
    KEYLEDGER_STREAM_PREFIX: `t${digest.slice(0, 20)}-`,
  };
};
