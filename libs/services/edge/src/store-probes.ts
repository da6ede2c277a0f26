import type { Foundation } from './edge.module.js';
import type { Probe } from './readiness.js';

/** A store whose own error is told to nobody but the log: it may name hosts and users. */
const answers = (ask: () => Promise<unknown>, details: object = {}): Probe => {
  return async () => {
    await ask();
    return { up: true, ...details };
  };
};

/** What every process stands on, asked itself: a follower on standby, for one, does not need the log all the time. */
export const storeProbes = ({ config, log, pool }: Foundation): Readonly<Record<string, Probe>> => ({
  log: answers(() => log.ping(), { engine: config.eventLog, logId: log.logId, readOnly: config.readOnly }),
  database: answers(() => pool.query('select 1')),
});
