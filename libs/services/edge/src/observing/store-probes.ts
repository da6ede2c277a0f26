import { LogReplaced } from '@keyledger/event-log';
import type { Foundation } from '../process/edge.module.js';
import type { PartState, Probe } from './readiness.js';

type Stores = Pick<Foundation, 'config' | 'log' | 'pool'>;

/** Whether the log answers, and is the one that this process has opened: it may have been replaced under a writer. */
const probeLog = async ({ config, log }: Stores): Promise<PartState> => {
  const details = { engine: config.eventLog, logId: log.logId, readOnly: config.readOnly };
  try {
    await log.ping();
    return { up: true, ...details };
  } catch (error) {
    if (error instanceof LogReplaced) return { up: false, ...details, reason: error.message };
    throw error;
  }
};

/** What every process stands on, asked itself: a follower on standby, for one, does not need the log all the time. */
export const storeProbes = (stores: Stores): Readonly<Record<string, Probe>> => ({
  log: () => probeLog(stores),
  database: async () => {
    await stores.pool.query('select 1');
    return { up: true };
  },
});
