import { firstEvent, TcpProxy, createDatabase } from '@keyledger/testing';
import { openPostgresEventLog } from '../src/index.js';
import { describeEventLog } from './event-log.contract.js';

describeEventLog('PostgreSQL event log', async () => {
  const database = await createDatabase();
  const proxy = await TcpProxy.before(database.url);
  return {
    streamPrefix: '',
    open: () => openPostgresEventLog({ firstEvent, connectionString: database.url }),
    openUnsteady: async () => ({
      log: await openPostgresEventLog({ firstEvent, connectionString: proxy.url }),
      interrupt: () => proxy.interrupt(3),
    }),
    drop: async () => {
      await proxy.close();
      await database.drop();
    },
  };
});
