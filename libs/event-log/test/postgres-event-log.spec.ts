import { createDatabase } from '@keyledger/testing';
import { openPostgresEventLog } from '../src/index.js';
import { describeEventLog } from './event-log.contract.js';

describeEventLog('PostgreSQL event log', async () => {
  const database = await createDatabase();
  return {
    open: () => openPostgresEventLog({ connectionString: database.url }),
    drop: () => database.drop(),
  };
});
