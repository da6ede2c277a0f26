import type { EventLog } from '@keyledger/event-log';
import type { Projection } from '@keyledger/read-models';
import type { Provider } from '@nestjs/common';
import pg from 'pg';
import { CONFIG, type Config } from '../settings/config.js';
import { EVENT_LOG } from '../process/edge.module.js';
import { Metrics } from '../observing/metrics.js';
import { ProjectionRunner } from './projection-runner.js';
import { AcknowledgedWrites, ReadGate } from '../operation/read-gate.js';
import { Readiness } from '../observing/readiness.js';

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
