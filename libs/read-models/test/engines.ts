import { openEventStoreEventLog, openPostgresEventLog, type EventLog } from '@keyledger/event-log';
import { createDatabase, firstEvent, startEsdbNode, TcpProxy } from '@keyledger/testing';

export type Engine = 'PostgreSQL' | 'EventStoreDB';

export interface ShakyLog {
  readonly log: EventLog;
  /** What reads of `log` go through. Another log at the same place does not. */
  readonly proxy: TcpProxy;
  readonly writer: EventLog;
  drop(): Promise<void>;
}

/** So that a test can close it and the end of the test again. */
const closedOnce = (log: EventLog): EventLog => {
  let closing: Promise<void> | null = null;
  return { ...log, close: () => (closing ??= log.close()) };
};

const openPostgres = async (): Promise<ShakyLog> => {
  const database = await createDatabase();
  const proxy = await TcpProxy.before(database.url);
  const writer = await openPostgresEventLog({ firstEvent, connectionString: database.url });
  const log = closedOnce(await openPostgresEventLog({ firstEvent, connectionString: proxy.url }));
  const drop = async (): Promise<void> => {
    await Promise.all([writer.close(), log.close()]);
    await proxy.close();
    await database.drop();
  };
  return { log, proxy, writer, drop };
};

const openEventStore = async (): Promise<ShakyLog> => {
  const node = await startEsdbNode();
  const proxy = await TcpProxy.before(node.url);
  const writer = await openEventStoreEventLog({ firstEvent, url: node.url, streams: 'stream-.+' });
  const log = closedOnce(await openEventStoreEventLog({ firstEvent, url: proxy.url, streams: 'stream-.+' }));
  const drop = async (): Promise<void> => {
    await Promise.all([writer.close(), log.close()]);
    await proxy.close();
    await node.stop();
  };
  return { log, proxy, writer, drop };
};

/** A log with a proxy before it, and the same log without. */
export const openShakyLog = (engine: Engine): Promise<ShakyLog> =>
  engine === 'PostgreSQL' ? openPostgres() : openEventStore();
