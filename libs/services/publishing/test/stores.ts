import { accountStream, newEvent, type AccountEvent } from '@keyledger/domain';
import { openPostgresEventLog, type EventLog, type RecordedEvent } from '@keyledger/event-log';
import { openPool } from '@keyledger/postgres';
import { createDatabase, firstEvent } from '@keyledger/testing';
import type pg from 'pg';
import { v4 as uuid } from 'uuid';

const cause = {
  principal: { issuer: 'urn:test', subject: 'somebody', actorType: 'user' as const },
  ...{ correlationId: 'request', ip: null, userAgent: null },
};
const at = '2026-03-01T09:30:00.000Z';

/** An empty log in a database of its own, and what writes to it. */
export interface Stores {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly log: EventLog;
  /** Appends events of one account behind those that it has. Answers with their positions. */
  append(accountId: string, ...events: readonly AccountEvent[]): Promise<readonly string[]>;
  read(accountId: string): Promise<readonly RecordedEvent[]>;
  drop(): Promise<void>;
}

export const openStores = async (): Promise<Stores> => {
  const database = await createDatabase();
  const pool = openPool(database.url, { max: 12 });
  const log = await openPostgresEventLog({ firstEvent, connectionString: database.url, streamPrefix: '' });
  const read = async (accountId: string): Promise<readonly RecordedEvent[]> => {
    const events: RecordedEvent[] = [];
    for await (const page of log.readStream(accountStream('', accountId), 0)) events.push(...page);
    return events;
  };
  return {
    url: database.url,
    pool,
    log,
    read,
    async append(accountId, ...events) {
      const last = (await read(accountId)).length - 1;
      const recorded = events.map((event) => newEvent(uuid(), event, cause, uuid()));
      const outcome = await log.append(accountStream('', accountId), last, recorded, 'each');
      if (outcome.kind !== 'ok') throw new Error(`The append was answered with ${outcome.kind}.`);
      return outcome.positions;
    },
    async drop() {
      await log.close();
      await pool.end();
      await database.drop();
    },
  };
};

export const newAccountId = (): string => `acct_${uuid()}`;

export const registration = (accountId: string): AccountEvent => ({
  type: 'AccountRegistered',
  ...{ accountId, name: 'name', externalId: null, at },
});

export const renaming = (to: string): AccountEvent => ({
  type: 'AccountChanged',
  changes: { name: { from: '', to } },
  at,
});
