import { Registry } from 'prom-client';
import { DeliveryMetrics } from '../../src/delivery/delivery-metrics.js';
import { openDatabase, schemas } from './deliverer.js';

it('tells of the backlog and of its age as of one moment', async () => {
  const database = await openDatabase();
  const at = new Date(Date.now() - 3_600_000).toISOString();
  await database.send(database.endpoint('http://127.0.0.1:1/'), { at });
  const registry = new Registry();
  new DeliveryMetrics(registry, database.pool, schemas.webhooks);
  const [count, age] = await Promise.all(
    ['keyledger_webhook_backlog', 'keyledger_webhook_backlog_age_seconds'].map(async (name) => {
      const metric = await registry.getSingleMetric(name)?.get();
      return metric?.values[0]?.value;
    }),
  );
  expect(count).toBe(1);
  expect(age).toBeGreaterThanOrEqual(3_600);
  await database.drop();
});
