import { Metrics, type Foundation } from '@keyledger/edge';
import { Sender } from '@keyledger/outgoing';
import { Logger, type Provider } from '@nestjs/common';
import { Accounts } from '../accounts.js';
import { EndpointSwitch } from '../endpoint-switch.js';
import { Freshness } from '../freshness.js';
import { Signing } from '../signing.js';
import { Attempts } from './attempts.js';
import { DeliveryMetrics } from './delivery-metrics.js';
import { openDeliveryPool } from './delivery-pool.js';
import { DeliveryService, Stopping } from './delivery-service.js';
import { DeliveryStore } from './delivery-store.js';
import { Drains } from './drain.js';
import { EndpointRecords } from './endpoint-records.js';
import { MessageQueries } from './message-queries.js';
import { MessageStore } from './message-store.js';
import { Messages } from './messages.js';
import { DeliveryQueue } from './queue.js';
import { Retention } from './retention.js';
import { usualSchedule } from './schedule.js';
import { prepareSchemas, schemasOf } from './tables.js';

type Parts = [Accounts, Freshness, Signing, EndpointSwitch, DeliveryStore, Metrics];

/** Messages, and what delivers them. While writes are paused nothing is delivered. */
export const deliveryProviders = async ({ config, pool, log }: Foundation): Promise<readonly Provider[]> => {
  const schemas = schemasOf(config);
  const schema = schemas.webhooks;
  await prepareSchemas(pool, schemas);
  const deliveryPool = openDeliveryPool(pool);
  const logger = new Logger('webhooks');
  const warn = (line: string): void => logger.warn(line);
  const inform = (line: string): void => logger.log(line);
  const open = (...[accounts, freshness, signing, endpoints, store, { registry }]: Parts): DeliveryService => {
    const stopping = new Stopping();
    const { webhookAllowLoopback: allowLoopback, webhookPorts: ports, webhookProxy: proxy } = config;
    const sender = new Sender({ allowLoopback, ports, proxy });
    const metrics = new DeliveryMetrics(registry, pool, schema);
    const { now } = usualSchedule;
    const attempt = new Attempts({
      ...{ accounts, freshness, signing, sender, endpoints, store, metrics, cut: stopping.cut, now, warn, inform },
    });
    const drains = new Drains({ store, attempt, schedule: usualSchedule, stopping: stopping.begun });
    const queue = new DeliveryQueue({ pool: deliveryPool, schemas, drains, warn, inform });
    const retention = new Retention({ pool: deliveryPool, schema, days: config.webhookRetentionDays, warn });
    const isPaused = config.readOnly;
    return new DeliveryService({ queue, retention, stopping, pool: deliveryPool, sender, isPaused });
  };
  return [
    EndpointSwitch,
    { provide: MessageStore, useValue: new MessageStore(deliveryPool, schema) },
    { provide: MessageQueries, useValue: new MessageQueries(pool, schema) },
    { provide: EndpointRecords, useValue: new EndpointRecords(deliveryPool, schema) },
    { provide: DeliveryStore, useValue: new DeliveryStore(deliveryPool, schema) },
    { provide: Freshness, inject: [Accounts], useFactory: (accounts: Accounts) => new Freshness(log, accounts) },
    {
      provide: Messages,
      inject: [Accounts, Freshness, MessageStore],
      useFactory: (accounts: Accounts, freshness: Freshness, store: MessageStore) =>
        new Messages(accounts, freshness, store, config.readOnly),
    },
    {
      provide: DeliveryService,
      inject: [Accounts, Freshness, Signing, EndpointSwitch, DeliveryStore, Metrics],
      useFactory: open,
    },
  ];
};
