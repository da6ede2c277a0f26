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
import { Accounts, type OnChange } from './accounts.js';
import { deliveryProviders } from './delivery/delivery-providers.js';
import { DeliveryStore } from './delivery/delivery-store.js';
import { EndpointDeliveriesController } from './delivery/endpoint-deliveries.controller.js';
import { MessagesController } from './delivery/messages.controller.js';
import { turnedOff } from './delivery/turned-off.js';
import { ownMessageProviders } from './own-messages.js';
import { quickSign } from './quick-sign.js';
import { SigningKeys } from './signing-keys.js';
import { SigningController } from './signing.controller.js';
import { Signing } from './signing.js';
import { webhookAccountsProjection } from './webhook-accounts-projection.js';

type Host = [SnapshotFollower, SigningKeys, DeliveryStore, Readiness, Metrics];

type SigningParts = [Accounts, SigningKeys, ReadGate, AcknowledgedWrites];

/** What is sent to the servers of accounts, and what they know it by. */
@Module({})
class WebhooksModule {
  /** Opens the secrets as well. Throws WrongMasterKey if they need another key. */
  static async open(foundation: Foundation): Promise<DynamicModule> {
    const { config, pool, log } = foundation;
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
          inject: [SnapshotFollower, SigningKeys, DeliveryStore, Readiness, Metrics],
          useFactory: (...[, keys, deliveries, readiness, metrics]: Host) => {
            const onChange: OnChange = (before, after) => {
              keys.changed(before, after);
              deliveries.wakeSoon(turnedOff(before, after));
            };
            return Accounts.start({ pool, schema, streamPrefix, onChange }, { log, readiness, metrics });
          },
        },
        {
          provide: ReadGate,
          inject: [Accounts, AcknowledgedWrites],
          useFactory: (accounts: Accounts, acknowledged: AcknowledgedWrites) =>
            new ReadGate(log.logId, accounts.progress, acknowledged),
        },
        {
          provide: Signing,
          inject: [Accounts, SigningKeys, ReadGate, AcknowledgedWrites],
          useFactory: (...[accounts, keys, gate, acknowledged]: SigningParts) =>
            new Signing({ accounts, keys, gate, acknowledged }),
        },
        ...(await deliveryProviders(foundation)),
        ...ownMessageProviders(foundation),
      ],
    };
  }
}

export const webhooks: Slice = {
  controllers: [SigningController, EndpointDeliveriesController, MessagesController],
  module: (foundation) => WebhooksModule.open(foundation),
  needs: ['master-key'],
  projections: [webhookAccountsProjection],
  quick: (find) => [quickSign(find(Signing))],
};
