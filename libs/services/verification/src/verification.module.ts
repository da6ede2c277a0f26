import {
  AcknowledgedWrites,
  ConfigError,
  Limits,
  Metrics,
  Readiness,
  schemaName,
  SnapshotFollower,
  UsageTables,
  type Foundation,
  type Slice,
} from '@keyledger/edge';
import { FollowerPositions } from '@keyledger/read-models';
import { openSecrets } from '@keyledger/secrets';
import { Module, type DynamicModule } from '@nestjs/common';
import { IndexFollower } from './index-follower.js';
import { verificationRoutes } from './routes.js';
import { extAuthzService } from './ext-authz-service.js';
import { verificationService } from './grpc-service.js';
import { UsageSweep } from './usage-sweep.js';
import { Usage } from './usage.js';
import { Verification } from './verification.js';
import { verificationProjection } from './verification-projection.js';

type Used = [IndexFollower, AcknowledgedWrites, Metrics, Usage, Limits];

/** The verdicts, and what keeps their index. */
@Module({})
class VerificationModule {
  /** Opens the secrets as well. Throws WrongMasterKey if they need another key. */
  static async open({ config, pool, log }: Foundation): Promise<DynamicModule> {
    const masterKey = config.masterKey?.export();
    if (masterKey === undefined) throw new ConfigError(['KEYLEDGER_MASTER_KEY must be set']);
    const { keyring } = await openSecrets(pool, (part) => schemaName(config, part), masterKey);
    const projection = verificationProjection(config);
    const tables = await UsageTables.open(pool, config);
    return {
      module: VerificationModule,
      providers: [
        {
          provide: SnapshotFollower,
          inject: [Metrics],
          useFactory: (metrics: Metrics) =>
            SnapshotFollower.start(projection, { name: 'verifier', pool, log, metrics }),
        },
        {
          provide: IndexFollower,
          // The tables are there once the other has started.
          inject: [SnapshotFollower, Readiness, Metrics, FollowerPositions],
          useFactory: (_: SnapshotFollower, readiness: Readiness, metrics: Metrics, positions: FollowerPositions) =>
            IndexFollower.start({ config, log, pool, readiness, metrics, positions, schema: projection.schema }),
        },
        {
          provide: Usage,
          inject: [Metrics],
          useFactory: ({ registry }: Metrics) => new Usage({ tables, intervalSeconds: config.usageInterval, registry }),
        },
        {
          provide: UsageSweep,
          inject: [IndexFollower],
          useFactory: (follower: IndexFollower) => new UsageSweep({ tables, follower, days: config.usageDays }),
        },
        {
          provide: Verification,
          inject: [IndexFollower, AcknowledgedWrites, Metrics, Usage, Limits],
          useFactory: (...[follower, acknowledged, { registry }, usage, limits]: Used) =>
            new Verification({ config, log, follower, keyring, acknowledged, limits, usage, registry }),
        },
      ],
    };
  }
}

export const verification: Slice = {
  module: (foundation) => VerificationModule.open(foundation),
  needs: ['master-key'],
  outlivesStores: true,
  projections: [verificationProjection],
  routes: (find) => verificationRoutes(find(Verification)),
  services: (find) => [verificationService(find(Verification)), extAuthzService(find(Verification))],
};
