import { firstEvent, createDatabase, type TestDatabase } from '@keyledger/testing';
import { StreamWriter, openPostgresEventLog, type EventLog, type Snapshot, type StreamRules } from '../src/index.js';
import { until } from './events.js';
import { add, churn, tallyRules, watched, type Tally, type Word } from './tally.js';

describe('Snapshots', () => {
  let database: TestDatabase;
  let log: EventLog;
  let saved: Map<string, Snapshot>;
  let stream: string;
  let streams = 0;

  beforeAll(async () => {
    database = await createDatabase();
    log = await openPostgresEventLog({ firstEvent, connectionString: database.url });
  });

  beforeEach(() => {
    saved = new Map();
    stream = `tally-${(streams += 1)}`;
  });

  afterAll(async () => {
    await log.close();
    await database.drop();
  });

  const rulesOn = (on: EventLog): StreamRules<Tally, Word, string> => ({
    ...tallyRules(on),
    snapshots: {
      store: {
        load: async (streamId) => saved.get(streamId) ?? null,
        save: async (streamId, snapshot) => {
          // As any store that several processes share: never an older one over a newer one of the same log.
          const old = saved.get(streamId);
          if (old?.logId !== snapshot.logId || old.revision <= snapshot.revision) saved.set(streamId, snapshot);
        },
        discard: async (streamId) => void saved.delete(streamId),
      },
      serialise: (tally) => Buffer.from(JSON.stringify({ form: 1, tally })),
      deserialise: (bytes) => {
        const { form, tally } = JSON.parse(Buffer.from(bytes).toString()) as { form: number; tally: Tally };
        return form === 1 ? tally : undefined;
      },
    },
  });

  /** Writes `events` events and a word by a process that then ends. */
  const write = async (events: number): Promise<void> => {
    const writer = new StreamWriter(rulesOn(log));
    await writer.submit(stream, add('kept'));
    await writer.submit(stream, churn(events));
    await writer.close();
  };

  /** How many events a new process reads to know the stream. */
  const eventsReadByNewcomer = async (): Promise<number> => {
    const counting = watched(log, (...append) => log.append(...append));
    const { state } = await new StreamWriter(rulesOn(counting)).read(stream);
    expect(state).toEqual(['kept']);
    return counting.eventsRead();
  };

  it('spares a new process from reading a long stream', async () => {
    await write(600);
    expect(saved.get(stream)).toMatchObject({ logId: log.logId, revision: 600 });
    expect(await eventsReadByNewcomer()).toBe(1);
    await new StreamWriter(tallyRules(log)).submit(stream, churn(2));
    expect(await eventsReadByNewcomer()).toBe(3);
  });

  it('are not written for short streams', async () => {
    await write(400);
    expect(saved.size).toBe(0);
  });

  it('are written by a process that had to read much', async () => {
    await write(600);
    saved.clear();
    const writer = new StreamWriter(rulesOn(log));
    await writer.read(stream);
    await writer.close();
    expect(saved.get(stream)?.revision).toBe(600);
  });

  it.each<[string, Partial<Snapshot>]>([
    ['from another log', { logId: '0'.repeat(32) }],
    ['whose event is not there', { eventId: '00000000-0000-4000-8000-000000000000' }],
    ['from beyond the end of the stream', { revision: 5_000 }],
    ['of a form that is not known', { state: Buffer.from('{"form":2}') }],
    ['that is not even readable', { state: Buffer.from('damaged') }],
  ])('are ignored if one is %s', async (_, change) => {
    await write(600);
    const snapshot = saved.get(stream);
    if (snapshot === undefined) throw new Error('No snapshot was written.');
    saved.set(stream, { ...snapshot, ...change });
    expect(await eventsReadByNewcomer()).toBeGreaterThanOrEqual(601);
  });

  it('tell how much a state takes, which the events since then only add to', async () => {
    const counting = watched(log, (...append) => log.append(...append));
    const writer = new StreamWriter(rulesOn(counting), { cacheBytes: 10_000 });
    const other = `${stream}-other`;
    /** More than 0 where the other state had to leave the cache. */
    const eventsReadOfOther = async (): Promise<number> => {
      const before = counting.eventsRead();
      await writer.peek(other);
      return counting.eventsRead() - before;
    };
    await writer.submit(other, add('other'));
    await writer.submit(stream, churn(400)); // 14 bytes each.
    expect(await eventsReadOfOther()).toBe(0);
    await writer.submit(stream, churn(400));
    await until(() => saved.has(stream));
    expect(await eventsReadOfOther()).toBe(1);
    await writer.submit(stream, churn(400));
    expect(await eventsReadOfOther()).toBe(0);
    saved.clear();
    await writer.submit(stream, churn(200));
    await until(() => saved.has(stream));
    await writer.submit(stream, churn(400));
    expect(await eventsReadOfOther()).toBe(0);
    await writer.close();
  });

  it.each<[string, Partial<Snapshot>]>([
    ['whose event is not there', { eventId: '00000000-0000-4000-8000-000000000000' }],
    ['from beyond the end of the stream', { revision: 5_000 }],
    ['from another log', { logId: '0'.repeat(32), revision: 5_000 }],
    ['of a form that is not known', { state: Buffer.from('{"form":2}') }],
  ])('make room for a true one if one is %s', async (_, change) => {
    await write(600);
    const snapshot = saved.get(stream);
    if (snapshot === undefined) throw new Error('No snapshot was written.');
    saved.set(stream, { ...snapshot, ...change });
    const writer = new StreamWriter(rulesOn(log));
    await writer.read(stream);
    await writer.close();
    expect(saved.get(stream)).toEqual(snapshot);
    expect(await eventsReadByNewcomer()).toBe(1);
  });

  it('are a cache: a store that fails costs nothing but time', async () => {
    const down = (): Promise<never> => Promise.reject(new Error('down'));
    const failing = { load: down, save: down, discard: down };
    const rules = rulesOn(log);
    const writer = new StreamWriter({ ...rules, snapshots: rules.snapshots && { ...rules.snapshots, store: failing } });
    await writer.submit(stream, churn(600));
    expect((await writer.read(stream)).revision).toBe(599);
    await writer.close();
  });
});
