import { firstEvent, TcpProxy, createDatabase, type TestDatabase } from '@keyledger/testing';
import pg from 'pg';
import { LogUnavailable, NO_STREAM, openPostgresEventLog, type EventLog, type FollowItem } from '../src/index.js';
import { anEvent, followUntil, positionsOf, readAll, someEvents, untilCaughtUp } from './events.js';

const KILL_LOG_SESSIONS = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name = 'keyledger-log' and pid <> pg_backend_pid()`;

describe('PostgreSQL event log, when things go wrong', () => {
  let database: TestDatabase;
  let admin: pg.Client;

  beforeAll(async () => {
    database = await createDatabase();
    admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
  });

  afterAll(async () => {
    await admin.end();
    await database.drop();
  });

  const withLog = async (
    test: (log: EventLog, proxy: TcpProxy) => Promise<void>,
    deadlineMs?: number,
  ): Promise<void> => {
    const proxy = await TcpProxy.before(database.url);
    const log = await openPostgresEventLog({ firstEvent, connectionString: proxy.url, deadlineMs });
    try {
      await test(log, proxy);
    } finally {
      proxy.cut();
      await log.close();
      await proxy.close();
    }
  };

  it('does not know the outcome when the connection is lost after sending, and learns it by the identical append', () =>
    withLog(async (log, proxy) => {
      await log.append('warm', NO_STREAM, [anEvent()]);
      const events = someEvents(2);
      proxy.behaviour = 'no-replies';
      const reply = log.append('lost-reply', NO_STREAM, events);
      const direct = await openPostgresEventLog({ firstEvent, connectionString: database.url });
      await followUntil(direct.follow(null, new AbortController().signal), (seen) =>
        seen.some((event) => event.id === events[1]?.id),
      );
      proxy.cut();
      expect(await reply).toMatchObject({ kind: 'unknown' });
      proxy.behaviour = 'open';
      const stored = await readAll(direct, 'lost-reply');
      expect(positionsOf(await log.append('lost-reply', NO_STREAM, events, 'each'))).toEqual(
        stored.map((event) => event.position),
      );
      await direct.close();
    }));

  it('settles by its deadline when the server is silent, and says which appends were never sent', () =>
    withLog(async (log, proxy) => {
      await log.append('silent-0', NO_STREAM, [anEvent()]);
      proxy.behaviour = 'frozen';
      const sent = log.append('silent-1', NO_STREAM, [anEvent()]);
      await new Promise((resolve) => setImmediate(resolve)); // That one is on its way; the next one waits for it.
      const queued = log.append('silent-2', NO_STREAM, [anEvent()]);
      expect(await sent).toMatchObject({ kind: 'unknown' });
      expect(await queued).toMatchObject({ kind: 'unavailable' });
      await expect(log.ping()).rejects.toThrow(LogUnavailable);
      proxy.behaviour = 'open';
      proxy.cut();
      expect(await readAll(log, 'silent-1')).toEqual([]);
      expect(await log.append('silent-2', NO_STREAM, [anEvent()])).toMatchObject({ kind: 'ok' });
    }, 300));

  it('is unavailable while nothing can be sent', () =>
    withLog(async (log, proxy) => {
      proxy.behaviour = 'refusing';
      proxy.cut();
      expect(await log.append('refused', NO_STREAM, [anEvent()])).toMatchObject({ kind: 'unavailable' });
      await expect(readAll(log, 'refused')).rejects.toThrow(LogUnavailable);
      await expect(openPostgresEventLog({ firstEvent, connectionString: proxy.url })).rejects.toThrow(LogUnavailable);
    }));

  it('is unavailable, with nothing stored, when another session keeps the lock too long', () =>
    withLog(async (log) => {
      await log.append('locked', NO_STREAM, [anEvent()]);
      await admin.query('begin');
      await admin.query('lock table event_log.events in access exclusive mode');
      expect(await log.append('locked', 0, [anEvent()])).toMatchObject({ kind: 'unavailable' });
      await admin.query('rollback');
      expect(await readAll(log, 'locked')).toHaveLength(1);
    }, 500));

  it('says that the storage is full, and goes on when it is not', () =>
    withLog(async (log) => {
      await admin.query(`create function full_disk() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$;
        create trigger full_disk before insert on event_log.events execute function full_disk()`);
      expect(await log.append('full', NO_STREAM, [anEvent()])).toMatchObject({ kind: 'storage-full' });
      await admin.query('drop function full_disk cascade');
      expect(await log.append('full', NO_STREAM, [anEvent()])).toMatchObject({ kind: 'ok' });
    }));

  it('shares transactions between appends that come together', () =>
    withLog(async (log) => {
      await Promise.all(
        Array.from({ length: 100 }, (_, index) => log.append(`group-${index}`, NO_STREAM, [anEvent()])),
      );
      const { rows } = await admin.query<{ transactions: string; events: string }>(
        `select count(distinct xmin::text) as transactions, count(*) as events
         from event_log.events where stream_id like 'group-%'`,
      );
      expect(Number(rows[0]?.events)).toBe(100);
      expect(Number(rows[0]?.transactions)).toBeLessThanOrEqual(2);
    }));

  it('stores no half of a transaction: each append of a shared one has its own result', () =>
    withLog(async (log) => {
      await log.append('shared-taken', NO_STREAM, [anEvent()]);
      const outcomes = await Promise.all([
        log.append('shared-new', NO_STREAM, [anEvent()]),
        log.append('shared-taken', NO_STREAM, [anEvent()]),
        log.append('shared-new', 0, [anEvent()]),
      ]);
      expect(outcomes.map((outcome) => outcome.kind)).toEqual(['ok', 'conflict', 'ok']);
      expect(await readAll(log, 'shared-new')).toHaveLength(2);
    }));

  it('keeps following over lost connections, without loss or repetition', () =>
    withLog(async (log, proxy) => {
      const stop = new AbortController();
      const items: FollowItem[] = [];
      const wanted = someEvents(30);
      const following = followUntil(log.follow(null, stop.signal), (events, item) => {
        items.push(item);
        return events.at(-1)?.id === wanted.at(-1)?.id;
      });
      const direct = await openPostgresEventLog({ firstEvent, connectionString: database.url });
      for (const [index, event] of wanted.entries()) {
        if (index % 10 === 3) proxy.cut();
        if (index % 10 === 6) await admin.query(KILL_LOG_SESSIONS);
        const append = (): ReturnType<EventLog['append']> => direct.append('followed', index - 1, [event]);
        while ((await append()).kind !== 'ok');
      }
      const seen = (await following).filter((event) => event.streamId === 'followed');
      expect(seen.map((event) => event.id)).toEqual(wanted.map((event) => event.id));
      await direct.close();
    }));

  it('keeps installations in one database apart by their prefix', async () => {
    const [first, second] = await Promise.all(
      ['blue-', 'green-'].map((streamPrefix) =>
        openPostgresEventLog({ firstEvent, connectionString: database.url, streamPrefix }),
      ),
    );
    if (first === undefined || second === undefined) throw new Error('Two logs were opened.');
    expect(first.logId).not.toBe(second.logId);
    await first.append('same-name', NO_STREAM, [anEvent()]);
    expect(await readAll(second, 'same-name')).toEqual([]);
    const [created] = await untilCaughtUp(second.follow(null, new AbortController().signal));
    expect(created?.streamId).toBe('green-log');
    await Promise.all([first.close(), second.close()]);
    const hostile = { firstEvent, connectionString: database.url, streamPrefix: '"; drop schema event_log; --' };
    await expect(openPostgresEventLog(hostile)).rejects.toThrow(RangeError);
  });

  it('refuses a schema that is newer than the program', async () => {
    await (await openPostgresEventLog({ firstEvent, connectionString: database.url, streamPrefix: 'newer-' })).close();
    await admin.query('update "newer-event_log".schema_version set version = 1000');
    await expect(
      openPostgresEventLog({ firstEvent, connectionString: database.url, streamPrefix: 'newer-' }),
    ).rejects.toThrow(/version 1000, newer than this program/);
  });
});
