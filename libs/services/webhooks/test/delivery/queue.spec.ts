import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openPool } from '@keyledger/postgres';
import { createDatabase } from '@keyledger/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type pg from 'pg';
import { v4 as uuid } from 'uuid';
import { DeliveryStore } from '../../src/delivery/delivery-store.js';
import { Drains } from '../../src/delivery/drain.js';
import { MessageStore } from '../../src/delivery/message-store.js';
import { DeliveryQueue } from '../../src/delivery/queue.js';
import { usualSchedule } from '../../src/delivery/schedule.js';
import { prepareSchemas } from '../../src/delivery/tables.js';

const schemas = { webhooks: 'webhooks', queue: 'webhook_queue' };
let pool: pg.Pool;
let drop: () => Promise<void>;
let server: Server;
const stats: any = {};
let received: string[] = [];
beforeAll(async () => {
  const database = await createDatabase();
  pool = openPool(database.url, { max: 16, query_timeout: 10_000 });
  drop = () => database.drop();
  await prepareSchemas(pool, schemas);
  const q = pool.query.bind(pool) as any; (pool as any).query = async (a: any, b: any) => { const t = performance.now(); try { return await q(a, b); } finally { const n = (a.name ?? a.text ?? a).slice(0, 40); const s = (stats[n] ??= [0, 0, 0]); s[0]++; s[1] += performance.now() - t; s[2] = Math.max(s[2], performance.now() - t); } };
  server = createServer((request, response) => {
    received.push(String(request.headers['webhook-id']));
    request.resume();
    response.end('ok');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  await pool.end();
  await drop();
  server.close();
});

it('delivers', async () => {
  const stopping = new AbortController();
  const port = (server.address() as AddressInfo).port;
  const drains = new Drains({
    store: new DeliveryStore(pool, schemas.webhooks),
    schedule: usualSchedule,
    stopping: stopping.signal,
    attempt: {
      isFresh: async () => true,
      standing: () => 'open',
      concluded: async () => undefined,
      make: async (_, { messageId, payload }) => {
        const start = performance.now();
        const reply = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers: { 'webhook-id': messageId }, body: payload });
        return { outcome: 'delivered', status: reply.status, durationMs: performance.now() - start, answer: await reply.text() };
      },
    },
  });
  const queue = new DeliveryQueue({ pool, schemas, drain: (id, drainer) => drains.drain(id, drainer), warn: console.log });
  queue.start();
  const store = new MessageStore(pool, schemas.webhooks);
  const accountId = `acct_${uuid()}`;
  const endpoints = Array.from({ length: 20 }, () => `whe_${uuid()}`);
  const start = performance.now();
  const N = 4000;
  await Promise.all(
    Array.from({ length: N }, async (_, i) =>
      store.accept({
        messageId: `msg_${uuid()}`, accountId: `acct_${uuid()}`, type: 'a.b', source: 'sent', payload: Buffer.from('{"a":1}'),
        at: new Date().toISOString(), to: [{ endpointId: endpoints[i % 20]!, state: 'pending' }],
      }),
    ),
  );
  const accepted = performance.now() - start;
  while (received.length < N) await new Promise((r) => setTimeout(r, 20));
  console.log('accepted', accepted, 'delivered', performance.now() - start);
  await queue.stop();
  const { rows } = await pool.query('select state, count(*), max(attempts) from webhooks.deliveries group by 1');
  const jobs = await pool.query('select * from webhook_queue.jobs');
  const owned = await pool.query('select * from webhooks.endpoints where owner is not null');
  console.log(rows, jobs.rows, owned.rows, (await pool.query('select * from webhooks.replicas')).rows);
  console.log(JSON.stringify(stats,null,1));
  expect(received).toHaveLength(N);
  void accountId;
});
