import { v4 as uuid } from 'uuid';
import { storeMessages, type NewMessage } from '../../src/delivery/message-store.js';
import { Retention } from '../../src/delivery/retention.js';
import { prepareSchemas, schemasOf } from '../../src/delivery/tables.js';
import { openStores, type Stores } from '../stores.js';

const schemas = schemasOf({ streamPrefix: '' });
const DAY_MS = 86_400_000;

let stores: Stores;
beforeEach(async () => {
  stores = await openStores();
  await prepareSchemas(stores.pool, schemas);
});
afterEach(() => stores.drop());

const messageOf = (daysAgo: number): NewMessage => {
  const at = new Date(Date.now() - daysAgo * DAY_MS).toISOString();
  return {
    ...{ messageId: `msg_${uuid()}`, accountId: `acct_${uuid()}`, type: 'order.paid', source: 'sent' },
    ...{ payload: Buffer.from('{}'), at, to: [{ endpointId: `whe_${uuid()}`, state: 'pending' }] },
    request: { keyHash: Buffer.from(uuid()), bodyHash: Buffer.from('body'), position: 'p' },
  };
};

const idsIn = async (table: string): Promise<readonly string[]> => {
  const { rows } = await stores.pool.query<{ id: string }>(`select message_id as id from webhooks.${table} order by 1`);
  return rows.map(({ id }) => `msg_${id}`);
};

it('forgets old messages with all that is kept of them, and keys after a day, and nothing younger', async () => {
  const all = [0, 2, 29, 31, 400].map(messageOf);
  await storeMessages(stores.pool, schemas.webhooks, all);
  await stores.pool
    .query(`insert into webhooks.attempts (message_id, endpoint_id, number, at, duration_ms, outcome, answer)
    select message_id, endpoint_id, 1, created_at, 1, 'refused', '' from webhooks.deliveries`);
  await stores.pool.query(`insert into webhooks.days (endpoint_id, date, outcome, count)
    select endpoint_id, created_at::date, 'refused', 1 from webhooks.deliveries`);
  const { pool } = stores;
  await new Retention({ pool, schema: schemas.webhooks, days: 30, warn: () => undefined }).sweep();
  const kept = all.slice(0, 3).map(({ messageId }) => messageId);
  for (const table of ['messages', 'deliveries', 'attempts']) expect(await idsIn(table)).toEqual([...kept].sort());
  expect(await idsIn('requests')).toEqual(kept.slice(0, 1));
  expect((await pool.query('select from webhooks.days')).rowCount).toBe(3);
});

it('goes on until nothing old is left', async () => {
  for (let batch = 0; batch < 12; batch += 1) {
    await storeMessages(
      stores.pool,
      schemas.webhooks,
      Array.from({ length: 200 }, () => messageOf(40)),
    );
  }
  const { pool } = stores;
  await new Retention({ pool, schema: schemas.webhooks, days: 30, warn: () => undefined }).sweep();
  expect(await idsIn('messages')).toEqual([]);
  expect(await idsIn('deliveries')).toEqual([]);
});
