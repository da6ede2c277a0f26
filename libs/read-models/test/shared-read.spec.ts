import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { LogReplaced, type EventLog, type NewEvent, type RecordedEvent } from '@keyledger/event-log';
import { shareFollowing } from '../src/index.js';
import { CountedReads, Reader } from './counted-reads.js';
import { openShakyLog, type Engine, type ShakyLog } from './engines.js';
import { anEvent, positionsOf } from './events.js';

const seed = Number(process.env['KEYLEDGER_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
const randomFrom = (start: number): (() => number) => {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const ids = (events: readonly (NewEvent | RecordedEvent)[]): string[] => events.map(({ id }) => id);
const engines: readonly Engine[] = ['PostgreSQL', 'EventStoreDB'];

describe.each(engines)(`followers that share one read of a log on %s (KEYLEDGER_TEST_SEED=${seed})`, (engine) => {
  let shaky: ShakyLog;
  let reads: CountedReads;
  let shared: EventLog;
  let readers: Reader[];
  let streams: number;

  beforeEach(async () => {
    shaky = await openShakyLog(engine);
    reads = new CountedReads(shaky.log);
    shared = shareFollowing(reads.log);
    [readers, streams] = [[], 0];
  });

  afterEach(async () => {
    await Promise.all(readers.map((reader) => reader.stop()));
    await shaky.drop();
  });

  const start = (...given: [anchor?: Reader['anchor'], before?: () => Promise<unknown>]): Reader => {
    const reader = new Reader(shared, ...given);
    readers.push(reader);
    return reader;
  };

  /** Appends so many events to a stream of their own; the last of them. */
  const append = async (count = 1, bytes = 10): Promise<string | undefined> => {
    const events = Array.from({ length: count }, () => anEvent('ThingHappened', 'x'.repeat(bytes)));
    const stream = `stream-${(streams += 1)}`;
    // A busy machine may answer late: the identical append settles it.
    let outcome = await shaky.writer.append(stream, -1, events);
    while (outcome.kind === 'unknown') outcome = await shaky.writer.append(stream, -1, events);
    positionsOf(outcome);
    return events.at(-1)?.id;
  };

  /** More than the shared read keeps for those who are behind; the last event of it. */
  const appendAWindow = async (): Promise<string | undefined> => {
    for (let count = 0; count < 6; count += 1) await append(1, 900_000);
    return append();
  };

  const startLive = async (count: number): Promise<readonly Reader[]> => {
    const last = await append();
    const live = Array.from({ length: count }, () => start());
    await Promise.all(live.map((reader) => reader.untilSeen(last)));
    await reads.untilActive(1);
    return live;
  };

  /** What the log holds, read by nobody else's help. */
  const stored = async (): Promise<string[]> => {
    const reader = new Reader(shaky.writer);
    await reader.untilFresh(performance.now());
    await reader.stop();
    return ids(reader.events);
  };

  it('read it once when they are live, and get every event in order, and how fresh it is', async () => {
    const live = await startLive(6);
    const begun = reads.begun;
    for (let count = 1; count <= 10; count += 1) await append(count);
    const [all, nowMs] = [await stored(), performance.now()];
    await Promise.all(live.map((reader) => reader.untilFresh(nowMs)));
    for (const reader of live) expect(ids(reader.events)).toEqual(all);
    expect(reads).toMatchObject({ active: 1, begun });
  });

  it('miss nothing and get nothing twice, with jitter, whenever they begin, stop and go on', async () => {
    const random = randomFrom(seed);
    const jitter = (): Promise<unknown> => (random() < 0.3 ? delay(random() * 20) : Promise.resolve());
    /** Stops four times, after a few events, and goes on from its own last one. */
    const follow = async (): Promise<string[]> => {
      const seen: string[] = [];
      let anchor: Reader['anchor'] = null;
      for (let stops = 0; stops < 4; stops += 1) {
        const reader = start(anchor, jitter);
        await Promise.race([reader.untilCount(1 + Math.floor(random() * 10)), written]);
        expect(await reader.stop()).toBeUndefined();
        seen.push(...ids(reader.events));
        anchor = reader.anchor ?? anchor;
      }
      const reader = start(anchor, jitter);
      await written;
      await reader.untilFresh(performance.now());
      return [...seen, ...ids(reader.events)];
    };
    const write = async (): Promise<void> => {
      for (let count = 0; count < 60; count += 1) await append(1 + Math.floor(random() * 20));
    };
    const written = write();
    const following = Array.from({ length: 6 }, follow);
    await written;
    const [all, ...seen] = await Promise.all([stored(), ...following]);
    for (const each of seen) expect(each).toEqual(all);
  });

  it('are not held up by a slow one, which reads for itself until it is live again', async () => {
    const live = await startLive(2);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const slow = start(null, () => held);
    await append();
    const last = await appendAWindow();
    await Promise.all(live.map((reader) => reader.untilSeen(last)));
    expect(slow.events).toEqual([]);
    release();
    await slow.untilSeen(last);
    await reads.untilActive(1);
    expect(ids(slow.events)).toEqual(ids(live[0]?.events ?? []));
    const next = await append();
    await Promise.all([...live, slow].map((reader) => reader.untilSeen(next)));
    expect(reads.active).toBe(1);
  });

  it('let one fall out that was live and is then too slow, and take it in again', async () => {
    let gate: Promise<unknown> = Promise.resolve();
    const slow = start(null, () => gate);
    const live = await startLive(2);
    let release: () => void = () => undefined;
    gate = new Promise<void>((resolve) => (release = resolve));
    const last = await appendAWindow();
    await Promise.all(live.map((reader) => reader.untilSeen(last)));
    const begun = reads.begun;
    release();
    await slow.untilSeen(last);
    await reads.untilActive(1);
    expect(reads.begun).toBeGreaterThan(begun);
    expect(ids(slow.events)).toEqual(await stored());
  });

  it('are told once that the log does not answer, and go on when it does', async () => {
    const live = await startLive(4);
    shaky.proxy.behaviour = 'refusing';
    shaky.proxy.cut();
    await Promise.all(live.map((reader) => reader.untilOut()));
    const missed = await append(3);
    shaky.proxy.behaviour = 'open';
    await Promise.all(live.map((reader) => reader.untilSeen(missed)));
    for (const reader of live) expect(reader.outages).toHaveLength(1);
    expect(ids(live[0]?.events ?? [])).toEqual(await stored());
    expect(reads.active).toBe(1);
  });

  it('go on when one of them stops, whichever it is, and read no more when all have', async () => {
    const live = await startLive(4);
    for (const [index, reader] of live.entries()) {
      await reader.stop();
      const last = await append();
      await Promise.all(live.slice(index + 1).map((other) => other.untilSeen(last)));
    }
    await reads.untilActive(0);
    const late = start();
    await late.untilFresh(performance.now());
    expect(ids(late.events)).toEqual(await stored());
  });

  it('ask for themselves when the shared read fails, and share again if nothing is wrong', async () => {
    const live = await startLive(4);
    reads.fail(new LogReplaced('so it seems to the shared read'));
    const last = await append();
    await Promise.all(live.map((reader) => reader.untilSeen(last)));
    await reads.untilActive(1);
    for (const reader of live) expect(ids(reader.events)).toEqual(await stored());
  });

  it('are refused one and all when the log was replaced', async () => {
    const live = await startLive(4);
    reads.broken = new LogReplaced('another log');
    reads.fail(reads.broken);
    expect(await Promise.all(live.map((reader) => reader.done))).toEqual(Array.from(live, () => reads.broken));
    expect(reads.active).toBe(0);
  });

  it('end with the log', async () => {
    const live = await startLive(3);
    await shaky.log.close();
    expect(await Promise.all(live.map((reader) => reader.done))).toEqual([undefined, undefined, undefined]);
    expect(reads.active).toBe(0);
  });
});
