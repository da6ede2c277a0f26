import type { CredentialType } from '@keyledger/domain';
import type { EventLog } from '@keyledger/event-log';
import { FollowerPositions } from '@keyledger/read-models';
import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import pg from 'pg';
import { AcknowledgedWrites } from '../operation/acknowledged-writes.js';
import { LogGate } from '../operation/read-gate.js';
import { Authenticator } from '../access/authenticator.js';
import { CONFIG, schemaName, type Config } from '../settings/config.js';
import { CREDENTIAL_TYPES } from '../credentials/load-credential-types.js';
import { loggerModule } from '../observing/logging.js';
import { Metrics } from '../observing/metrics.js';
import { MetricsToken } from '../observing/metrics-token.js';
import { OperationsController } from '../observing/operations.controller.js';
import { Readiness } from '../observing/readiness.js';
import { RequestLog } from '../observing/request-log.js';
import { Limits, limitsOf } from '../access/limits.js';
import { SecurityLog } from '../access/security-log.js';

/** Injection token of the log, which is an interface. */
export const EVENT_LOG = Symbol('event log');

/** What a process opens before its services start, and closes after they have stopped. */
export interface Foundation {
  readonly config: Config;
  readonly log: EventLog;
  readonly pool: pg.Pool;
  readonly authenticator: Authenticator;
  readonly credentialTypes: ReadonlyMap<string, CredentialType>;
}

/** What every service of a process shares. */
@Global()
@Module({})
export class EdgeModule {
  static register({ config, log, pool, authenticator, credentialTypes }: Foundation): DynamicModule {
    const acknowledged = new AcknowledgedWrites();
    const providers: Provider[] = [
      { provide: CONFIG, useValue: config },
      { provide: EVENT_LOG, useValue: log },
      { provide: pg.Pool, useValue: pool },
      { provide: Authenticator, useValue: authenticator },
      { provide: Limits, useValue: new Limits(limitsOf(config)) },
      { provide: CREDENTIAL_TYPES, useValue: credentialTypes },
      { provide: AcknowledgedWrites, useValue: acknowledged },
      { provide: FollowerPositions, useValue: new FollowerPositions(pool, log, schemaName(config, 'followers')) },
      { provide: LogGate, useValue: new LogGate(log, acknowledged) },
      Metrics,
      MetricsToken,
      Readiness,
      RequestLog,
      SecurityLog,
    ];
    return {
      module: EdgeModule,
      imports: [loggerModule(config), TerminusModule.forRoot({ logger: false })],
      controllers: [OperationsController],
      providers,
      exports: providers,
    };
  }
}
