import { firstEvent, provideEventStore } from '@keyledger/testing';
import { randomBytes } from 'node:crypto';
import { openEventStoreEventLog, type EventLog } from '../src/index.js';
import { describeEventLog } from './event-log.contract.js';
import { OwnSockets } from './own-sockets.js';

describeEventLog('EventStoreDB event log', async () => {
  const server = await provideEventStore();
  const hosts = server.url.split(',').length;
  // The server may hold anything, and keeps what this suite writes.
  const streamPrefix = `t${randomBytes(6).toString('hex')}-`;
  const open = (): Promise<EventLog> =>
    openEventStoreEventLog({ firstEvent, ...server, streamPrefix, streams: 'stream-.+' });
  const opened: OwnSockets[] = [];
  return {
    streamPrefix,
    open,
    openUnsteady: async () => {
      const { result: log, sockets } = await OwnSockets.of(open);
      opened.push(sockets);
      return { log, interrupt: () => sockets.interrupt(3 * hosts) };
    },
    drop: async () => {
      for (const sockets of opened) sockets.forget();
      await server.stop();
    },
  };
});
