import { AcknowledgedWrites, CONFIG, EVENT_LOG, projectionProviders, type Config, type Slice } from '@keyledger/edge';
import type { EventLog } from '@keyledger/event-log';
import { Module } from '@nestjs/common';
import pg from 'pg';
import { auditProjection } from './audit-projection.js';
import { AuditTrail } from './audit-trail.js';
import { AuditController } from './audit.controller.js';
import { TrailAccess } from './trail-access.js';

/** The audit trail: folded from the log into tables of its own, and shown to those who may see it. */
@Module({
  providers: [
    ...projectionProviders(auditProjection),
    {
      provide: AuditTrail,
      inject: [CONFIG, EVENT_LOG, pg.Pool],
      useFactory: (config: Config, log: EventLog, pool: pg.Pool) =>
        new AuditTrail(pool, auditProjection(config).schema, log.logId),
    },
    {
      provide: TrailAccess,
      inject: [CONFIG, EVENT_LOG, AcknowledgedWrites],
      useFactory: (config: Config, log: EventLog, acknowledged: AcknowledgedWrites) =>
        new TrailAccess(log, config.streamPrefix, acknowledged),
    },
  ],
})
class AuditModule {}

export const audit: Slice = {
  controllers: [AuditController],
  module: () => AuditModule,
  projections: [auditProjection],
};
