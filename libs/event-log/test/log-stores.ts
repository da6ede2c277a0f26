import { randomBytes } from 'node:crypto';
import {
  firstEvent,
  createDatabase,
  provideEventStore,
  startEsdbNode,
  type ProvidedEventStore,
} from '@keyledger/testing';
import { openEventStoreEventLog, openPostgresEventLog, type EventLog } from '../src/index.js';

/** A server that holds any number of logs, each under a prefix of its own. */
export interface LogStore {
  readonly url: string;
  open(streamPrefix: string, options?: { readonly url?: string; readonly deadlineMs?: number }): Promise<EventLog>;
  drop(): Promise<void>;
}

/** `our node` is one that a proxy can stand before, whatever server the suites are given. */
export type Engine = 'PostgreSQL' | 'EventStoreDB' | 'our node';

export const newPrefix = (): string => `t${randomBytes(6).toString('hex')}-`;

const openDatabase = async (): Promise<LogStore> => {
  const database = await createDatabase();
  const open: LogStore['open'] = (streamPrefix, { url = database.url, deadlineMs } = {}) =>
    openPostgresEventLog({ firstEvent, connectionString: url, streamPrefix, deadlineMs });
  return { url: database.url, open, drop: () => database.drop() };
};

export const openStore = async (engine: Engine): Promise<LogStore> => {
  if (engine === 'PostgreSQL') return openDatabase();
  const server: Omit<ProvidedEventStore, 'kind'> = await (engine === 'our node'
    ? startEsdbNode()
    : provideEventStore());
  const { url, username, password } = server;
  const open: LogStore['open'] = (streamPrefix, options) =>
    openEventStoreEventLog({ firstEvent, url, username, password, streamPrefix, streams: '.+', ...options });
  return { url, open, drop: () => server.stop() };
};
