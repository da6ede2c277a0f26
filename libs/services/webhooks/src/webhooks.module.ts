import {
  AcknowledgedWrites,
  ConfigError,
  Metrics,
  Readiness,
  ReadGate,
  schemaName,
  SnapshotFollower,
  type Foundation,
  type Slice,
} from '@keyledger/edge';
import { openSecrets } from '@keyledger/secrets';
import { Module, type DynamicModule } from '@nestjs/common';
import { Accounts } from './accounts.js';
import { SigningKeys } from './signing-keys.js';
import { SigningController } from './signing.controller.js';
import { Signing } from './signing.js';
import { webhookAccountsProjection } from './webhook-accounts-projection.js';

type Host = [SnapshotFollower, SigningKeys, Readiness, Metrics];

/** What is sent to the servers of accounts, and what they know it by. */
@Module({})
class WebhooksModule {
  /** Opens the secrets as well. Throws WrongMasterKey if they need another key. */
  static async open({ config, pool, log }: Foundation): Promise<DynamicModule> {
    const masterKey = config.masterKey?.export();
    if (masterKey === undefined) throw new ConfigError(['KEYLEDGER_MASTER_KEY must be set']);
    const { retained } = await openSecrets(pool, (part) => schemaName(config, part), masterKey);
    const projection = webhookAccountsProjection(config);
    const { streamPrefix } = config;
    const { schema } = projection;
    return {
      module: WebhooksModule,
      providers: [
        { provide: SigningKeys, useFactory: () => new SigningKeys((place) => retained.find(place)) },
        {
          provide: SnapshotFollower,
          inject: [Metrics],
          useFactory: (metrics: Metrics) =>
            SnapshotFollower.start(projection, { name: projection.name, pool, log, metrics }),
        },
        {
          provide: Accounts,
          // The tables are there once the other has started.
          inject: [SnapshotFollower, SigningKeys, Readiness, Metrics],
          useFactory: (...[, keys, readiness, metrics]: Host) =>
            Accounts.start(
              { pool, schema, streamPrefix, onChange: (before, after) => keys.changed(before, after) },
              { log, readiness, metrics },
            ),
        },
        {
          provide: Signing,
          inject: [Accounts, SigningKeys, AcknowledgedWrites],
          useFactory: (accounts: Accounts, keys: SigningKeys, acknowledged: AcknowledgedWrites) => {
            const gate = new ReadGate(log.logId, accounts.progress, acknowledged);
            return new Signing({ accounts, keys, gate, acknowledged });
          },
        },
      ],
    };
  }
}

export const webhooks: Slice = {
  controllers: [SigningController],
  module: (foundation) => WebhooksModule.open(foundation),
  needs: ['master-key'],
  projections: [webhookAccountsProjection],
};
