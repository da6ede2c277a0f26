import type { EventLog } from '@keyledger/event-log';
import { PostgresSink, prepareTables, type Projection } from '@keyledger/read-models';
import type { Provider } from '@nestjs/common';
import pg from 'pg';
import { CONFIG, type Config } from '../settings/config.js';
import { EVENT_LOG } from '../process/edge.module.js';
import { Metrics } from '../observing/metrics.js';
import { FollowerRunner, type FollowerHost } from './follower-runner.js';
import { AcknowledgedWrites } from '../operation/acknowledged-writes.js';
import { ReadGate } from '../operation/read-gate.js';
import { Readiness } from '../observing/readiness.js';

type Host = [EventLog, pg.Pool, Readiness, Metrics];

/** Creates the tables if need be and keeps them in step with the log. Rejects if the database does not answer. */
export const followInto = async (
  projection: Projection,
  pool: pg.Pool,
  host: FollowerHost,
): Promise<FollowerRunner> => {
  await prepareTables(pool, projection);
  const { name } = projection;
  const whenReplaced = `npm run rebuild -- ${name}, then start again.`;
  return FollowerRunner.start({ name, sink: new PostgresSink(pool, projection), whenReplaced }, host);
};

/** For a slice that reads from one projection: what keeps it in step with the log, and the gate for its readers. */
export const projectionProviders = (define: (config: Config) => Projection): Provider[] => [
  {
    provide: FollowerRunner,
    inject: [CONFIG, EVENT_LOG, pg.Pool, Readiness, Metrics],
    // Awaited before any door opens, so that there are tables when the first request comes.
    useFactory: (config: Config, ...[log, pool, readiness, metrics]: Host) =>
      followInto(define(config), pool, { log, readiness, metrics }),
  },
  {
    provide: ReadGate,
    inject: [EVENT_LOG, FollowerRunner, AcknowledgedWrites],
    useFactory: (log: EventLog, runner: FollowerRunner, acknowledged: AcknowledgedWrites) =>
      new ReadGate(log.logId, runner, acknowledged),
  },
];
