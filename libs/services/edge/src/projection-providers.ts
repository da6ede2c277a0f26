import type { EventLog } from '@keyledger/event-log';
import type { Provider } from '@nestjs/common';
import pg from 'pg';
import { AcknowledgedWrites } from './acknowledged-writes.js';
import { CONFIG, type Config } from './config.js';
import { EVENT_LOG } from './edge.module.js';
import { Metrics } from './metrics.js';
import type { Projection } from './projection.js';
import { ProjectionRunner } from './projection-runner.js';
import { ReadGate } from './read-gate.js';
import { Readiness } from './readiness.js';

type Host = [EventLog, pg.Pool, Readiness, Metrics];

/** For a slice that reads from one projection: what keeps it in step with the log, and the gate for its readers. */
export const projectionProviders = (define: (config: Config) => Projection): Provider[] => [
  {
    provide: ProjectionRunner,
    inject: [CONFIG, EVENT_LOG, pg.Pool, Readiness, Metrics],
    // Awaited before any door opens, so that there are tables when the first request comes.
    useFactory: (config: Config, ...[log, pool, readiness, metrics]: Host) =>
      ProjectionRunner.start(define(config), { log, pool, readiness, metrics }),
  },
  {
    provide: ReadGate,
    inject: [EVENT_LOG, ProjectionRunner, AcknowledgedWrites],
    useFactory: (log: EventLog, runner: ProjectionRunner, acknowledged: AcknowledgedWrites) =>
      new ReadGate(log.logId, runner, acknowledged),
  },
];
