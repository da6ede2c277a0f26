import { firstEvent, createDatabase, type TestDatabase } from '@keyledger/testing';
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  LogUnavailable,
  NO_STREAM,
  StreamWriter,
  TooBusy,
  comparePositions,
  openPostgresEventLog,
  type EventLog,
} from '../src/index.js';
import { randomFrom, readAll } from './events.js';
import { MOST, Refused, add, churn, remove, tallyRules, watched, type Tally, type Word } from './tally.js';

const seed = Number(process.env['KEYLEDGER_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe('StreamWriter', () => {
  let database: TestDatabase;
  let log: EventLog;
  let otherLog: EventLog;
  let stream: string;
  let streams = 0;

  beforeAll(async () => {
    database = await createDatabase();
    log = await openPostgresEventLog({ firstEvent, connectionString: database.url });
    otherLog = await openPostgresEventLog({ firstEvent, connectionString: database.url });
  });

  beforeEach(() => {
    stream = `tally-${(streams += 1)}`;
  });

  afterAll(async () => {
    await Promise.all([log.close(), otherLog.close()]);
    await database.drop();
  });

  const writerOn = (on: EventLog): StreamWriter<Tally, Word, string> => new StreamWriter(tallyRules(on));

  const words = async (): Promise<string[]> =>
    (await readAll(log, stream)).map(({ data }) => Buffer.from(data).toString());

  /** A writer whose appends wait until the test lets them go. */
  const gated = (limits = {}) => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const appended: number[] = [];
    const slow = watched(log, async (...append) => {
      await gate;
      const [, , events] = append;
      appended.push(events.length);
      return log.append(...append);
    });
    return { writer: new StreamWriter(tallyRules(slow), limits), open: () => open(), appended };
  };

  it('stores what the rules decide, and answers with the state and the place of its own events', async () => {
    const writer = writerOn(log);
    const first = await writer.submit(stream, add('one'));
    const second = await writer.submit(stream, add('two'));
    const stored = await readAll(otherLog, stream);
    expect(stored.map(({ position, revision }) => ({ position, revision }))).toEqual([
      { position: first.position, revision: first.revision },
      { position: second.position, revision: second.revision },
    ]);
    expect(second).toMatchObject({ state: ['one', 'two'], events: [{ type: 'WordAdded', word: 'two' }], revision: 1 });
    expect(stored.map(({ metadata }) => Buffer.from(metadata).toString())).toEqual(['by a test', 'by a test']);
  });

  it('rejects with what the rules throw, for that command alone', async () => {
    const writer = writerOn(log);
    const outcomes = await Promise.allSettled(['a', 'a', 'b'].map((word) => writer.submit(stream, add(word))));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: expect.any(Refused) as Refused });
    expect(await words()).toEqual(['a', 'b']);
  });

  it('answers what is already true with the position of the state it was decided on', async () => {
    const writer = writerOn(log);
    const absent = await writer.submit(stream, remove('nothing'));
    expect(absent).toMatchObject({ state: [], events: [], revision: -1 });
    expect(comparePositions(absent.position, await log.head())).toBeLessThanOrEqual(0);
    const added = await writer.submit(stream, add('a'));
    expect(await writer.submit(stream, remove('b'))).toEqual({ ...added, events: [] });
    const [second, same] = await Promise.all([writer.submit(stream, add('c')), writer.submit(stream, remove('b'))]);
    expect(same).toEqual({ ...second, events: [] });
  });

  it('stores all commands that wait by one append, each with its own answer', async () => {
    const { writer, open, appended } = gated();
    const results = Promise.all(Array.from({ length: 20 }, (_, index) => writer.submit(stream, add(`word ${index}`))));
    open();
    const revisions = (await results).map(({ revision }) => revision);
    expect(revisions).toEqual(revisions.map((_, index) => index));
    expect(appended).toEqual([20]);
    expect((await results).map(({ state }) => state.length)).toEqual(revisions.map((revision) => revision + 1));
  });

  it('leaves the process to others between the answers to commands that were stored together', async () => {
    const { writer, open, appended } = gated();
    let answered = 0;
    const waiting = Array.from({ length: MOST }, async (_, index) => {
      await writer.submit(stream, add(`word ${index}`));
      answered += 1;
    });
    open();
    await Promise.race(waiting);
    await nextTurn();
    expect(answered).toBeLessThan(MOST);
    await Promise.all(waiting);
    expect(appended).toEqual([MOST]);
  });

  it('reports nothing as failed that was stored, however long the answers to others take', async () => {
    const deadlineMs = 50;
    const storing = watched(log, async (_, __, events) => ({ kind: 'ok', positions: events.map(() => 'somewhere') }));
    async function* nothing(): AsyncGenerator<never> {}
    const writer = new StreamWriter(tallyRules({ ...storing, readStream: nothing }), { deadlineMs });
    const answers = Array.from({ length: MOST }, (_, index) => writer.submit(stream, add(`word ${index}`)));
    await Promise.race(answers);
    const lateMs = performance.now() + deadlineMs;
    while (performance.now() <= lateMs); // The others have their turn after the deadline.
    expect((await Promise.all(answers)).map(({ revision }) => revision)).toEqual(answers.map((_, index) => index));
  });

  it('keeps an append to 200 events and 512 KiB, save for a single command that is larger', async () => {
    const { writer, open, appended } = gated();
    open();
    await Promise.all(Array.from({ length: 7 }, () => writer.submit(stream, churn(60))));
    expect(appended).toEqual([180, 180, 60]);
    await writer.submit(stream, churn(400));
    const large = 'x'.repeat(200_000);
    await Promise.all(['a', 'b', 'c'].map((word) => writer.submit(stream, add(`${word}${large}`))));
    expect(appended.slice(3)).toEqual([400, 2, 1]);
    await expect(writer.submit(stream, churn(1_001))).rejects.toThrow(RangeError);
  });

  it('never refuses because of a state that another process has changed', async () => {
    const [writer, other] = [writerOn(log), writerOn(otherLog)];
    await writer.submit(stream, add('a'));
    await other.submit(stream, remove('a'));
    await expect(writer.submit(stream, add('a'))).resolves.toMatchObject({ state: ['a'], revision: 2 });
    await other.submit(stream, add('b'));
    await expect(writer.submit(stream, add('b'))).rejects.toThrow(Refused);
    await other.submit(stream, add('c'));
    expect(await writer.submit(stream, remove('c'))).toMatchObject({ state: ['a', 'b'], revision: 5 });
  });

  it('reads the state as it is now, and of a stream that does not exist', async () => {
    const [writer, other] = [writerOn(log), writerOn(otherLog)];
    expect(await writer.read(stream)).toEqual({ state: [], revision: NO_STREAM, position: await log.head() });
    await writer.submit(stream, add('a'));
    const { position } = await other.submit(stream, add('b'));
    expect(await writer.read(stream)).toEqual({ state: ['a', 'b'], revision: 1, position });
    await other.submit(stream, add('c'));
    expect(await writer.peek(stream)).toMatchObject({ state: ['a', 'b'], revision: 1 });
  });

  it(`holds the rules when processes write the same stream (KEYLEDGER_TEST_SEED=${seed})`, async () => {
    const random = randomFrom(seed);
    const writers = [writerOn(log), writerOn(otherLog)];
    /** The word, or null if it was refused; anything else is an error that a caller would see. */
    const submit = async (index: number): Promise<string | null> => {
      const word = `word ${Math.floor(random() * 50)}`;
      try {
        await writers[index % 2]?.submit(stream, add(word));
        return word;
      } catch (error) {
        if (error instanceof Refused) return null;
        throw error;
      }
    };
    const accepted: string[] = [];
    for (let round = 0; round < 10; round += 1) {
      const results = await Promise.all(Array.from({ length: 20 }, (_, index) => submit(index)));
      accepted.push(...results.filter((word) => word !== null));
    }
    const stored = await readAll(log, stream);
    expect(stored.map(({ revision }) => revision)).toEqual(stored.map((_, index) => index));
    expect((await words()).sort()).toEqual(accepted.sort());
    expect(new Set(accepted).size).toBe(accepted.length);
    expect(accepted).toHaveLength(MOST);
  });

  it('holds at most so many commands for a stream', async () => {
    const { writer, open } = gated({ mailboxCommands: 5 });
    const held = Array.from({ length: 5 }, (_, index) => writer.submit(stream, add(`word ${index}`)));
    await expect(writer.submit(stream, add('one too many'))).rejects.toThrow(TooBusy);
    open();
    await Promise.all(held);
    await expect(writer.submit(stream, add('now'))).resolves.toMatchObject({ revision: 5 });
  });

  it('answers all that wait when it is closed, and takes nothing new', async () => {
    const { writer, open } = gated();
    const waiting = writer.submit(stream, add('a'));
    const closed = writer.close();
    await expect(writer.submit(stream, add('b'))).rejects.toThrow(LogUnavailable);
    open();
    await closed;
    expect(await waiting).toMatchObject({ state: ['a'] });
  });

  it('forgets states beyond its cache, and reads them again', async () => {
    const writer = new StreamWriter(tallyRules(log), { cacheBytes: 20 });
    for (const name of ['a', 'b', 'c']) await writer.submit(`${stream}-${name}`, add(name));
    for (const name of ['a', 'b', 'c']) {
      expect(await writer.submit(`${stream}-${name}`, add('z'))).toMatchObject({ state: [name, 'z'] });
    }
  });

  it('answers a retry with what was stored, even if it arrives while the stream is read for others', async () => {
    const given = { commandId: randomUUID(), retriedFrom: NO_STREAM };
    const first = await writerOn(otherLog).submit(stream, churn(2, given));
    let retry: Promise<unknown> | undefined;
    async function* readStream(...[streamId, from]: Parameters<EventLog['readStream']>) {
      retry ??= writer.submit(stream, churn(2, given));
      yield* log.readStream(streamId, from);
    }
    const writer = writerOn({ ...log, readStream });
    await writer.submit(stream, add('a'));
    expect(await retry).toMatchObject({ events: first.events, position: first.position, revision: first.revision });
    expect(await words()).toEqual(['churn', 'churn', 'a']);
  });

  it('keeps a state that is larger than its cache, alone', async () => {
    const counting = watched(log, (...append) => log.append(...append));
    const writer = new StreamWriter(tallyRules(counting), { cacheBytes: 2 });
    for (const word of ['a', 'b', 'c', 'd']) await writer.submit(stream, add(word));
    expect(counting.eventsRead()).toBe(0);
    await writer.submit(`${stream}-other`, add('a'));
    expect(await writer.submit(stream, add('e'))).toMatchObject({ state: ['a', 'b', 'c', 'd', 'e'] });
  });

  it('gives the same ids to the events of the same command', async () => {
    const commandId = randomUUID();
    await writerOn(log).submit(stream, add('a', { commandId }));
    await writerOn(log).submit(`${stream}-again`, add('a', { commandId }));
    const [first, second] = [await readAll(log, stream), await readAll(log, `${stream}-again`)];
    expect(first.map(({ id }) => id)).toEqual(second.map(({ id }) => id));
  });
});
