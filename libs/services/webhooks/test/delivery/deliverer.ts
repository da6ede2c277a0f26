import { setTimeout as sleep } from 'node:timers/promises';
import { openPool } from '@keyledger/postgres';
import { createDatabase } from '@keyledger/testing';
import type pg from 'pg';
import { v4 as uuid } from 'uuid';
import type { Attempt, Made } from '../../src/delivery/attempt.js';
import { openDeliveryPool } from '../../src/delivery/delivery-pool.js';
import { DeliveryStore, type AttemptResult, type DueDelivery } from '../../src/delivery/delivery-store.js';
import { Drains } from '../../src/delivery/drain.js';
import { MessageStore, type NewMessage } from '../../src/delivery/message-store.js';
import { DeliveryQueue } from '../../src/delivery/queue.js';
import { usualSchedule, type Schedule } from '../../src/delivery/schedule.js';
import { prepareSchemas } from '../../src/delivery/tables.js';

export const schemas = { webhooks: 'webhooks', queue: 'webhook_queue' };

/** Of accounts, in the place of the log. */
export class Accounts {
  readonly urls = new Map<string, string>();
  readonly disabled = new Set<string>();
}

class PlainAttempt implements Attempt {
  readonly results: AttemptResult[] = [];

  constructor(private readonly accounts: Accounts) {}

  async isFresh(): Promise<boolean> {
    return true;
  }

  standing(_accountId: string, endpointId: string): 'open' | 'disabled' | 'deleted' {
    if (!this.accounts.urls.has(endpointId)) return 'deleted';
    return this.accounts.disabled.has(endpointId) ? 'disabled' : 'open';
  }

  revision(): number {
    return 0;
  }

  async make(_accountId: string, { messageId, endpointId, payload }: DueDelivery): Promise<Made> {
    const url = this.accounts.urls.get(endpointId) ?? '';
    const headers = { 'webhook-id': messageId };
    try {
      const reply = await fetch(url, { method: 'POST', headers, body: new Uint8Array(payload) });
      const answer = await reply.text();
      return {
        outcome: reply.ok ? 'delivered' : 'refused',
        status: reply.status,
        durationMs: 1,
        answer,
        seenRevision: 0,
      };
    } catch {
      return { outcome: 'no-connection', status: null, durationMs: 1, answer: '', seenRevision: 0 };
    }
  }

  async concluded(_accountId: string, result: AttemptResult): Promise<void> {
    this.results.push(result);
  }
}

/** One process that delivers, as far as tests can have several in one. */
export class Deliverer {
  private readonly stopping = new AbortController();
  private readonly queue: DeliveryQueue;
  readonly pool: pg.Pool;
  readonly warnings: string[] = [];
  readonly informed: string[] = [];
  readonly attempt: PlainAttempt;

  constructor(database: { readonly pool: pg.Pool; readonly accounts: Accounts }, schedule: Schedule = usualSchedule) {
    this.pool = openDeliveryPool(database.pool);
    this.attempt = new PlainAttempt(database.accounts);
    const store = new DeliveryStore(this.pool, schemas.webhooks);
    const drains = new Drains({ store, schedule, stopping: this.stopping.signal, attempt: this.attempt });
    this.queue = new DeliveryQueue({
      pool: this.pool,
      schemas,
      drains,
      warn: (line) => this.warnings.push(line),
      inform: (line) => this.informed.push(line),
    });
    this.queue.start();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.queue.stop();
    await this.pool.end();
  }
}

/** A database with the tables, and what writes to it. */
export const openDatabase = async () => {
  const database = await createDatabase();
  const pool = openPool(database.url, { max: 8, query_timeout: 10_000 });
  await prepareSchemas(pool, schemas);
  const messages = new MessageStore(pool, schemas.webhooks);
  const accounts = new Accounts();
  return {
    ...{ url: database.url, pool, messages, accounts },
    /** An endpoint of an account of its own, unless another account is named. */
    endpoint(url: string, accountId = `acct_${uuid()}`) {
      const endpointId = `whe_${uuid()}`;
      accounts.urls.set(endpointId, url);
      return { endpointId, accountId };
    },
    async send(to: { endpointId: string; accountId: string }, more: Partial<NewMessage> = {}): Promise<string> {
      const messageId = `msg_${uuid()}`;
      await messages.accept({
        ...{ messageId, accountId: to.accountId, type: 'order.paid', source: 'sent', payload: Buffer.from('{"a":1}') },
        ...{ at: new Date().toISOString(), to: [{ endpointId: to.endpointId, state: 'pending' }] },
        ...more,
      });
      return messageId;
    },
    async states(): Promise<Readonly<Record<string, number>>> {
      const text = `select state, count(*)::int as count from ${schemas.webhooks}.deliveries group by 1`;
      const { rows } = await pool.query<{ state: string; count: number }>(text);
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
    },
    async drop(): Promise<void> {
      await pool.end();
      await database.drop();
    },
  };
};

export type Database = Awaited<ReturnType<typeof openDatabase>>;

/** Waits for what will come; the test's own deadline ends it otherwise. */
export const until = async (isThere: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isThere())) await sleep(10);
};
