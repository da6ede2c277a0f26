import { accountStream, newEvent, type CausedEvent } from '@keyledger/domain';
import type { Call } from '@keyledger/edge';
import { openPostgresEventLog, type EventLog, type Position } from '@keyledger/event-log';
import { openPool } from '@keyledger/postgres';
import { firstEvent, createDatabase, setUnusualDefaults, type TestDatabase } from '@keyledger/testing';
import type pg from 'pg';
import { v4 as uuid } from 'uuid';

export const accountA = 'acct_0190d7a2-6c1e-7c3b-9c55-2f8f4a1b6e10';
export const accountB = 'acct_0190d7a2-6c1e-7c3b-9c55-2f8f4a1b6e11';
export const credentialA = 'cred_0190d7a2-6c1e-7c3b-9c55-2f8f4a1b6e12';

export const noon = '2021-05-20T12:00:00.000Z';

/** A request by `subject`, who may do everything. */
export const callBy = (subject: string, rest: Partial<Call> = {}): Call => ({
  principal: { issuer: 'urn:test', subject, actorType: 'user', roles: ['operator'], accounts: '*', expiresAtMs: 0 },
  path: {},
  target: '',
  correlationId: `request-of-${subject}`,
  ip: '192.0.2.7',
  userAgent: 'test/1',
  ifMatch: undefined,
  idempotencyKey: undefined,
  minPosition: undefined,
  ...rest,
});

/** A log and a database of its own, as an installation with the stream prefix `blue-` has them. */
export class Installation {
  static readonly streamPrefix = 'blue-';
  private readonly revisions = new Map<string, number>();

  private constructor(
    readonly log: EventLog,
    readonly pool: pg.Pool,
    private readonly database: TestDatabase,
  ) {}

  static async open(): Promise<Installation> {
    const database = await createDatabase();
    await setUnusualDefaults(database.url); // No answer may depend on them.
    const pool = openPool(database.url, { max: 8 });
    const { streamPrefix } = Installation;
    const log = await openPostgresEventLog({ firstEvent, connectionString: database.url, streamPrefix });
    return new Installation(log, pool, database);
  }

  /** Appends events as one command of `call`; gives their positions. */
  async append(streamId: string, call: Call, ...events: readonly CausedEvent[]): Promise<readonly Position[]> {
    const commandId = uuid();
    const expected = this.revisions.get(streamId) ?? -1;
    const outcome = await this.log.append(
      streamId,
      expected,
      events.map((event) => newEvent(uuid(), event, call, commandId)),
      'each',
    );
    if (outcome.kind !== 'ok') throw new Error(`The append was answered with ${outcome.kind}.`);
    this.revisions.set(streamId, expected + events.length);
    return outcome.positions;
  }

  async toAccount(accountId: string, call: Call, ...events: readonly CausedEvent[]): Promise<readonly Position[]> {
    return this.append(accountStream(Installation.streamPrefix, accountId), call, ...events);
  }

  async close(): Promise<void> {
    await this.log.close();
    await this.pool.end();
    await this.database.drop();
  }
}

export const registered = (accountId: string, name = 'Acme', at = noon): CausedEvent => ({
  type: 'AccountRegistered',
  accountId,
  name,
  externalId: null,
  at,
});
