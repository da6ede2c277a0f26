import { createDatabase, firstEvent, type TestDatabase } from '@keyledger/testing';
import pg from 'pg';
import { LogUnavailable, NO_STREAM, openPostgresEventLog, type EventLog } from '../src/index.js';
import { anEvent, readAll } from './events.js';

describe('PostgreSQL event log, on a server that takes no writes for a while', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  let log: EventLog;

  beforeAll(async () => {
    database = await createDatabase();
    admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    log = await openPostgresEventLog({ firstEvent, connectionString: database.url });
  });

  afterAll(async () => {
    await log.close();
    await admin.end();
    await database.drop();
  });

  /** As when a standby takes the place of the server: what is open is cut, and new sessions are read-only. */
  const failOver = async (): Promise<void> => {
    await setReadOnly(true);
    await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'keyledger-log'`,
    );
  };
  /** For new sessions alone: those that are open stay as they are. */
  const setReadOnly = (readOnly: boolean): Promise<unknown> =>
    admin.query(`set transaction_read_only = off;
      alter database ${new URL(database.url).pathname.slice(1)} set default_transaction_read_only = ${readOnly}`);

  it('stores nothing meanwhile and says so, and stores the next append once writes are taken again', async () => {
    await failOver();
    // The first append meets the session that was cut.
    await log.append('written', NO_STREAM, [anEvent()]);
    const refused = await log.append('written', NO_STREAM, [anEvent()]);
    expect(refused).toEqual({ kind: 'unavailable', reason: expect.stringContaining('25006') as string });
    await setReadOnly(false);
    expect(await log.append('written', NO_STREAM, [anEvent()])).toMatchObject({ kind: 'ok' });
    expect(await readAll(log, 'written')).toHaveLength(1);
  });

  it('tells by its ping whether it takes appends', async () => {
    await log.ping();
    await failOver();
    await log.ping().catch(() => undefined); // Meets the sessions that were cut.
    await expect(log.ping()).rejects.toThrow(LogUnavailable);
    await expect(log.ping()).rejects.toThrow(/cannot be written.*25006/);
    await setReadOnly(false);
    await log.ping();
  });

  it('answers the ping of one who must not write all the same', async () => {
    await setReadOnly(true);
    const reader = await openPostgresEventLog({ firstEvent, connectionString: database.url, mayCreate: false });
    await reader.ping();
    await reader.close();
    await setReadOnly(false);
  });
});
