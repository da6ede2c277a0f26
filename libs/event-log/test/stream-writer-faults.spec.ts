import { firstEvent, createDatabase, type TestDatabase } from '@keyledger/testing';
import { randomUUID } from 'node:crypto';
import {
  LogReplaced,
  LogUnavailable,
  OutcomeUnknown,
  StorageFull,
  StreamWriter,
  findCommands,
  openPostgresEventLog,
  type AppendOutcome,
  type EventLog,
  type NewEvent,
} from '../src/index.js';
import { anEvent, randomFrom, readAll } from './events.js';
import { Refused, add, churn, remove, tallyRules, watched } from './tally.js';

type Fault = (append: () => Promise<AppendOutcome>, attempt: number) => Promise<AppendOutcome>;

const seed = Number(process.env['KEYLEDGER_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const unknown: AppendOutcome = { kind: 'unknown', reason: 'test' };

describe('StreamWriter, when the log gives trouble', () => {
  let database: TestDatabase;
  let log: EventLog;
  let stream: string;
  let streams = 0;

  beforeAll(async () => {
    database = await createDatabase();
    log = await openPostgresEventLog({ firstEvent, connectionString: database.url });
  });

  beforeEach(() => {
    stream = `tally-${(streams += 1)}`;
  });

  afterAll(async () => {
    await log.close();
    await database.drop();
  });

  const writerWith = (fault: Fault, deadlineMs?: number) => {
    let attempts = 0;
    const append = (streamId: string, expected: number, events: readonly NewEvent[]): Promise<AppendOutcome> =>
      fault(() => log.append(streamId, expected, events), (attempts += 1));
    return new StreamWriter(tallyRules(watched(log, append)), deadlineMs === undefined ? {} : { deadlineMs });
  };

  const words = async (): Promise<string[]> =>
    (await readAll(log, stream)).map(({ data }) => Buffer.from(data).toString());

  it('stores each command once, although replies and appends get lost', async () => {
    const writer = writerWith(async (append, attempt) => {
      if (attempt % 3 === 1) return unknown;
      const outcome = await append();
      return attempt % 3 === 2 ? unknown : outcome;
    });
    for (const round of [0, 1, 2]) {
      const commands = [0, 1, 2, 3].map((index) => add(`word ${round} ${index}`));
      await Promise.all(commands.map((command) => writer.submit(stream, command)));
    }
    expect(await words()).toHaveLength(12);
    expect(new Set(await words()).size).toBe(12);
  });

  it(`keeps the rules and its word with two writers under random faults (KEYLEDGER_TEST_SEED=${seed})`, async () => {
    const random = randomFrom(seed);
    const faulty: Fault = async (append) => {
      const chance = random();
      if (chance < 0.15) return unknown;
      if (chance < 0.3) return append().then(() => unknown);
      if (chance < 0.4) return { kind: 'unavailable', reason: 'test' };
      return append();
    };
    const writers = [writerWith(faulty), writerWith(faulty)];
    const submit = async (index: number): Promise<string | null> => {
      const word = `word ${Math.floor(random() * 60)}`;
      try {
        await writers[index % 2]?.submit(stream, add(word));
        return word;
      } catch (error) {
        if (error instanceof Refused || error instanceof LogUnavailable) return null;
        throw error;
      }
    };
    const accepted: (string | null)[] = [];
    for (let round = 0; round < 8; round += 1) {
      accepted.push(...(await Promise.all(Array.from({ length: 8 }, (_, index) => submit(index)))));
    }
    expect((await words()).sort()).toEqual(accepted.filter((word) => word !== null).sort());
    expect(new Set(await words()).size).toBe((await words()).length);
  });

  it('decides again when an append in doubt was not stored and another process was faster', async () => {
    const writer = writerWith(async (append, attempt) => {
      if (attempt > 1) return append();
      await log.append(stream, -1, [{ ...anEvent('WordAdded', 'faster') }]);
      return unknown;
    });
    const outcomes = await Promise.allSettled([
      writer.submit(stream, add('slower')),
      writer.submit(stream, add('faster')),
      writer.submit(stream, remove('nothing')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: expect.any(Refused) as Refused });
    expect(await words()).toEqual(['faster', 'slower']);
  });

  it('finds its events in the stream when the log answers the identical append with a conflict', async () => {
    const writer = writerWith(async (append, attempt) => {
      if (attempt > 1) return { kind: 'conflict', currentRevision: 2 };
      await append();
      await log.append(stream, 1, [anEvent('WordAdded', 'later')]);
      return unknown;
    });
    const [a, b] = await Promise.all([writer.submit(stream, add('a')), writer.submit(stream, add('b'))]);
    const stored = await readAll(log, stream);
    expect([a, b].map(({ position }) => position)).toEqual(stored.slice(0, 2).map(({ position }) => position));
    expect(a).toMatchObject({ events: [{ type: 'WordAdded', word: 'a' }], revision: 0 });
    expect(await words()).toEqual(['a', 'b', 'later']);
  });

  it('says that the outcome is unknown at the deadline, and a retry settles it', async () => {
    const command = { commandId: randomUUID(), retriedFrom: -1 };
    const storedOnce = writerWith(
      async (append, attempt) => (attempt === 1 ? append().then(() => unknown) : unknown),
      200,
    );
    await expect(storedOnce.submit(stream, add('a', command))).rejects.toThrow(OutcomeUnknown);
    const retried = await writerWith((append) => append()).submit(stream, add('a', command));
    expect(retried).toMatchObject({ state: ['a'], events: [{ type: 'WordAdded', word: 'a' }], revision: 0 });
    expect(await words()).toEqual(['a']);

    const neverStored = writerWith(async () => unknown, 200);
    const other = { commandId: randomUUID(), retriedFrom: 0 };
    await expect(neverStored.submit(stream, add('b', other))).rejects.toThrow(OutcomeUnknown);
    expect(await writerWith((append) => append()).submit(stream, add('b', other))).toMatchObject({ revision: 1 });
  });

  it('answers a command that was tried before with what is stored under its ids', async () => {
    const command = { commandId: randomUUID(), retriedFrom: -1 };
    const other = new StreamWriter(tallyRules(log));
    let attempts = 0;
    const writer = writerWith(async (append) => {
      // The first attempt, decided by another process in another way, arrives just before this one.
      if ((attempts += 1) === 1) await other.submit(stream, add('first', command));
      return append();
    });
    const retried = await writer.submit(stream, add('second', command));
    expect(retried).toMatchObject({ state: ['first'], events: [{ type: 'WordAdded', word: 'first' }], revision: 0 });
    expect(await words()).toEqual(['first']);
    expect(await writer.submit(stream, add('c'))).toMatchObject({ state: ['first', 'c'], revision: 1 });
  });

  it('never reports as failed what may have been stored', async () => {
    const writer = writerWith(
      async (append, attempt) =>
        attempt === 1 ? append().then(() => unknown) : { kind: 'unavailable', reason: 'down' },
      200,
    );
    await expect(writer.submit(stream, add('a'))).rejects.toThrow(OutcomeUnknown);
  });

  it.each([
    [{ kind: 'unavailable', reason: 'test' } as const, LogUnavailable],
    [{ kind: 'storage-full', reason: 'test' } as const, StorageFull],
  ])('says that nothing was stored, and why: %p', async (outcome, expected) => {
    const writer = writerWith(async (append, attempt) => (attempt === 2 ? outcome : append()));
    await writer.submit(stream, add('a'));
    const [stored, refused] = await Promise.allSettled([
      writer.submit(stream, add('b')),
      writer.submit(stream, add('a')),
    ]);
    expect(stored).toMatchObject({ status: 'rejected', reason: expect.any(expected) as Error });
    expect(refused).toMatchObject({ status: 'rejected', reason: expect.any(Refused) as Error });
    await expect(writer.submit(stream, add('b'))).resolves.toMatchObject({ state: ['a', 'b'], revision: 1 });
  });

  it('says that nothing was stored when the stream cannot be read', async () => {
    const closed = await openPostgresEventLog({ firstEvent, connectionString: database.url });
    await closed.close();
    await expect(new StreamWriter(tallyRules(closed)).submit(stream, add('a'))).rejects.toThrow(LogUnavailable);
  });

  it('refuses to go on when the log has lost events that it had acknowledged', async () => {
    const writer = writerWith(async (append, attempt) =>
      attempt === 2 ? { kind: 'conflict', currentRevision: -1 } : append(),
    );
    await writer.submit(stream, add('a'));
    await expect(writer.submit(stream, add('b'))).rejects.toThrow(LogReplaced);
    await expect(writer.submit(stream, add('b'))).resolves.toMatchObject({ state: ['a', 'b'] });
  });

  it('finds all events of a command, and of no other', async () => {
    const writer = writerWith((append) => append());
    const commandId = randomUUID();
    await writer.submit(stream, add('a'));
    const { position } = await writer.submit(stream, churn(3, { commandId }));
    await writer.submit(stream, add('b'));
    const found = (await findCommands(log, stream, 1, [commandId, randomUUID()])).get(commandId);
    expect(found?.map(({ revision }) => revision)).toEqual([1, 2, 3]);
    expect(found?.at(-1)?.position).toBe(position);
    expect((await findCommands(log, stream, 4, [commandId])).size).toBe(0);
  });
});
