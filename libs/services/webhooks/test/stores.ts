import { accountStream, newEvent, type AccountEvent } from '@keyledger/domain';
import { openPostgresEventLog, type EventLog } from '@keyledger/event-log';
import { openPool } from '@keyledger/postgres';
import { createDatabase, firstEvent } from '@keyledger/testing';
import type pg from 'pg';
import { v4 as uuid } from 'uuid';

const cause = {
  principal: { issuer: 'urn:test', subject: 'somebody', actorType: 'user' as const },
  ...{ correlationId: 'request', ip: null, userAgent: null },
};

/** An empty log in a database of its own, and what writes to it. */
export interface Stores {
  readonly pool: pg.Pool;
  readonly log: EventLog;
  /** Appends events of one account behind those that it has. Answers with the position of the last. */
  append(accountId: string, ...events: readonly AccountEvent[]): Promise<string>;
  drop(): Promise<void>;
}

export const openStores = async (): Promise<Stores> => {
  const database = await createDatabase();
  const pool = openPool(database.url, { max: 12 });
  const log = await openPostgresEventLog({ firstEvent, connectionString: database.url, streamPrefix: '' });
  const revisions = new Map<string, number>();
  return {
    pool,
    log,
    async append(accountId, ...events) {
      const last = revisions.get(accountId) ?? -1;
      const recorded = events.map((event) => newEvent(uuid(), event, cause, uuid()));
      const outcome = await log.append(accountStream('', accountId), last, recorded, 'each');
      if (outcome.kind !== 'ok') throw new Error(`The append was answered with ${outcome.kind}.`);
      revisions.set(accountId, last + events.length);
      return outcome.positions.at(-1) ?? '';
    },
    async drop() {
      await log.close();
      await pool.end();
      await database.drop();
    },
  };
};
