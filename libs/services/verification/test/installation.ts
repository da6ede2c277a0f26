import { accountStream, newEvent, type AccountEvent, type CausedEvent } from '@keyledger/domain';
import { openPostgresEventLog, type EventLog, type NewEvent, type RecordedEvent } from '@keyledger/event-log';
import { inTransaction, openPool } from '@keyledger/postgres';
import { prepareTables } from '@keyledger/read-models';
import { openSecrets, type Keyring } from '@keyledger/secrets';
import { createDatabase, firstEvent, setUnusualDefaults, type TestDatabase } from '@keyledger/testing';
import type pg from 'pg';
import { v4 as uuid } from 'uuid';
import { verificationProjection } from '../src/verification-projection.js';

const cause = {
  principal: { actorType: 'user', subject: 'ada', issuer: 'urn:test' },
  correlationId: 'request-1',
  ip: null,
  userAgent: null,
} as const;

const stored = (event: CausedEvent): NewEvent => newEvent(uuid(), event, cause, uuid());

/** A database with a log, peppers and the tables that verifiers start from. */
export class Installation {
  static readonly config = { streamPrefix: 'green-' };
  readonly projection = verificationProjection(Installation.config);
  private readonly revisions = new Map<string, number>();

  private constructor(
    readonly log: EventLog,
    readonly pool: pg.Pool,
    readonly keyring: Keyring,
    private readonly database: TestDatabase,
  ) {}

  static async open(): Promise<Installation> {
    const database = await createDatabase();
    await setUnusualDefaults(database.url); // No verdict may depend on them.
    const pool = openPool(database.url, { max: 8 });
    const log = await openPostgresEventLog({ firstEvent, connectionString: database.url, ...Installation.config });
    const { keyring } = await openSecrets(pool, (part) => part, Buffer.alloc(32, 7));
    const installation = new Installation(log, pool, keyring, database);
    await prepareTables(pool, installation.projection);
    return installation;
  }

  get url(): string {
    return this.database.url;
  }

  async append(streamId: string, ...events: readonly NewEvent[]): Promise<void> {
    const expected = this.revisions.get(streamId) ?? -1;
    const outcome = await this.log.append(streamId, expected, events);
    if (outcome.kind !== 'ok') throw new Error(`The append was answered with ${outcome.kind}.`);
    this.revisions.set(streamId, expected + events.length);
  }

  toAccount(accountId: string, ...events: readonly AccountEvent[]): Promise<void> {
    return this.append(accountStream(Installation.config.streamPrefix, accountId), ...events.map(stored));
  }

  async events(): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const item of this.log.follow(null, new AbortController().signal)) {
      if (item.kind === 'caught-up') break;
      if (item.kind === 'events') events.push(...item.events);
    }
    return events;
  }

  /** Takes events into the tables as a follower does, the checkpoint with each batch. */
  async project(events: readonly RecordedEvent[], batchSize: number): Promise<void> {
    const { schema } = this.projection;
    for (let start = 0; start < events.length; start += batchSize) {
      const batch = events.slice(start, start + batchSize);
      const last = batch.at(-1);
      await inTransaction(this.pool, 10_000, async (tx) => {
        await this.projection.apply(tx, schema, batch);
        await tx.query(`update ${schema}.checkpoint set position = $1, event_id = $2`, [last?.position, last?.id]);
      });
    }
  }

  async emptyTables(): Promise<void> {
    const { schema, tables } = this.projection;
    await this.pool.query(`truncate ${tables.map((table) => `${schema}.${table}`).join(', ')}`);
    await this.pool.query(`update ${schema}.checkpoint set position = null, event_id = null`);
  }

  async close(): Promise<void> {
    await this.log.close();
    await this.pool.end();
    await this.database.drop();
  }
}
