import { firstEvent, createDatabase, type TestDatabase } from '@keyledger/testing';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { NO_STREAM, openPostgresEventLog, type EventLog } from '../src/index.js';
import { appendSurely, followUntil, randomFrom, someEvents } from './events.js';

const PROCESSES = 4;
const WRITERS_PER_PROCESS = 4;
const APPENDS_PER_WRITER = 150;

const seed = Number(process.env['KEYLEDGER_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const sleepMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe(`PostgreSQL event log with ${PROCESSES * WRITERS_PER_PROCESS} writers (KEYLEDGER_TEST_SEED=${seed})`, () => {
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  let database: TestDatabase;
  let logs: EventLog[];
  let follower: EventLog;

  beforeAll(async () => {
    database = await createDatabase();
    const open = (): Promise<EventLog> => openPostgresEventLog({ firstEvent, connectionString: database.url });
    logs = await Promise.all(Array.from({ length: PROCESSES }, open));
    follower = await open();
  });

  afterAll(async () => {
    await Promise.all([...logs, follower].map((log) => log.close()));
    await database.drop();
  });

  const write = async (log: EventLog, stream: string, stored: Map<string, string>): Promise<void> => {
    let revision = NO_STREAM;
    for (let count = 0; count < APPENDS_PER_WRITER; count += 1) {
      const events = someEvents(1 + below(4));
      const positions = await appendSurely(log, stream, revision, events);
      events.forEach(({ id }, index) => stored.set(id, positions[index] ?? ''));
      revision += events.length;
      if (below(3) === 0) await sleepMs(below(8));
    }
  };

  /** Sessions die, statements are cancelled, and transactions of others stay open or roll back in between. */
  const disturb = async (until: AbortSignal): Promise<number> => {
    let killed = 0;
    const pool = new pg.Pool({ connectionString: database.url, max: 2 });
    pool.on('error', () => undefined);
    await pool.query('create table other (id serial primary key, note text)');
    const victim = (kill: string): string => `select ${kill}(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'keyledger-log' order by random() limit 1`;
    const bystander = async (): Promise<void> => {
      const client = await pool.connect();
      await client.query('begin');
      await client.query("insert into other (note) values ('open')");
      await sleepMs(below(20));
      await client.query(below(2) === 0 ? 'rollback' : 'commit');
      client.release();
    };
    while (!until.aborted) {
      const acts = [
        async () => (killed += (await pool.query(victim('pg_terminate_backend'))).rowCount ?? 0),
        () => pool.query(victim('pg_cancel_backend')),
        bystander,
      ];
      await acts[below(acts.length)]?.();
      await sleepMs(below(15));
    }
    await pool.end();
    return killed;
  };

  it('loses nothing and reorders nothing for a live follower, while sessions are killed', async () => {
    const stored = new Map<string, string>();
    const done = new AbortController();
    let writtenAtMs = Infinity;
    const following = followUntil(
      follower.follow(null, new AbortController().signal),
      (_, item) => item.kind === 'caught-up' && item.asOfMs >= writtenAtMs,
    );
    const disturbing = disturb(done.signal);
    const streams = logs.flatMap((log, process) =>
      Array.from({ length: WRITERS_PER_PROCESS }, (_, writer) => ({ log, name: `stream-${process}-${writer}` })),
    );
    await Promise.all(streams.map(({ log, name }) => write(log, name, stored)));
    done.abort();
    expect(await disturbing).toBeGreaterThan(0);
    writtenAtMs = performance.now();

    const [, ...seen] = await following;
    expect(seen.map((event) => event.position)).toEqual(seen.map((event) => event.position).sort());
    expect(new Map(seen.map((event) => [event.id, event.position]))).toEqual(stored);
    expect(seen).toHaveLength(stored.size);
    for (const { name } of streams) {
      const revisions = seen.filter((event) => event.streamId === name).map((event) => event.revision);
      expect(revisions).toEqual(revisions.map((_, index) => index));
    }
  });
});
