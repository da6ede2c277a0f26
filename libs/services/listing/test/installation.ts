import {
  accountStream,
  catalogueStream,
  newEvent,
  type AccountEvent,
  type CatalogueEvent,
  type CausedEvent,
} from '@keyledger/domain';
import type { Call } from '@keyledger/edge';
import { openPostgresEventLog, type EventLog, type NewEvent, type RecordedEvent } from '@keyledger/event-log';
import { openPool } from '@keyledger/postgres';
import { firstEvent, createDatabase, setUnusualDefaults } from '@keyledger/testing';
import type pg from 'pg';
import { v4 as uuid } from 'uuid';
import { listingProjection } from '../src/listing-projection.js';

const call: Call = {
  principal: {
    issuer: 'urn:test',
    subject: 'ada',
    actorType: 'user',
    roles: ['operator'],
    accounts: '*',
    expiresAtMs: 0,
  },
  path: {},
  target: '',
  correlationId: 'request-1',
  ip: null,
  userAgent: null,
  ifMatch: undefined,
  idempotencyKey: undefined,
  minPosition: undefined,
};

export const stored = (event: CausedEvent): NewEvent => newEvent(uuid(), event, call, uuid());

/** A database with a log and the listing's tables, as an installation with the stream prefix `green-` has them. */
export class Installation {
  static readonly config = { streamPrefix: 'green-' };
  readonly projection = listingProjection(Installation.config);
  private readonly revisions = new Map<string, number>();

  private constructor(
    readonly log: EventLog,
    readonly pool: pg.Pool,
    private readonly drop: () => Promise<void>,
  ) {}

  static async open(): Promise<Installation> {
    const database = await createDatabase();
    const { url } = database;
    await setUnusualDefaults(url); // No answer may depend on them.
    const pool = openPool(url, { max: 8 });
    const log = await openPostgresEventLog({ firstEvent, connectionString: url, ...Installation.config });
    const installation = new Installation(log, pool, () => database.drop());
    await installation.makeTables();
    return installation;
  }

  private async makeTables(): Promise<void> {
    const { schema } = this.projection;
    await this.pool.query(`drop schema if exists ${schema} cascade; create schema ${schema}`);
    await this.pool.query(this.projection.ddl(schema));
  }

  async append(streamId: string, events: readonly NewEvent[]): Promise<void> {
    const expected = this.revisions.get(streamId) ?? -1;
    const outcome = await this.log.append(streamId, expected, events);
    if (outcome.kind !== 'ok') throw new Error(`The append was answered with ${outcome.kind}.`);
    this.revisions.set(streamId, expected + events.length);
  }

  toAccount(accountId: string, ...events: readonly AccountEvent[]): Promise<void> {
    return this.append(accountStream(Installation.config.streamPrefix, accountId), events.map(stored));
  }

  toCatalogue(...events: readonly CatalogueEvent[]): Promise<void> {
    return this.append(catalogueStream(Installation.config.streamPrefix), events.map(stored));
  }

  async events(): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const item of this.log.follow(null, new AbortController().signal)) {
      if (item.kind === 'caught-up') break;
      if (item.kind === 'events') events.push(...item.events);
    }
    return events;
  }

  /** Takes events into the tables as a follower does: each batch in a transaction of its own. */
  async apply(events: readonly RecordedEvent[], batchSize = 1_000): Promise<void> {
    for (let start = 0; start < events.length; start += batchSize) {
      const client = await this.pool.connect();
      try {
        await client.query('begin');
        await this.projection.apply(client, this.projection.schema, events.slice(start, start + batchSize));
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw error;
      } finally {
        client.release();
      }
    }
  }

  /** Brings the tables up to the log, then applies everything once more: the second time must change nothing. */
  async project(batchSize?: number): Promise<void> {
    const events = await this.events();
    await this.apply(events, batchSize);
    const once = await this.content();
    await this.apply(events, batchSize);
    expect(await this.content()).toEqual(once);
  }

  /** All rows of all tables, as text. */
  async content(): Promise<Readonly<Record<string, readonly string[]>>> {
    const content: Record<string, readonly string[]> = {};
    for (const table of this.projection.tables) {
      const { rows } = await this.pool.query<{ content: string }>(
        `select whole_row::text as content from ${this.projection.schema}.${table} whole_row order by 1`,
      );
      content[table] = rows.map(({ content: row }) => row);
    }
    return content;
  }

  async close(): Promise<void> {
    await this.log.close();
    await this.pool.end();
    await this.drop();
  }
}
