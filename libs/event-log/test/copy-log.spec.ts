import { CopyFailed, NO_STREAM, copyLog, type CopyReport, type EventLog } from '../src/index.js';
import { anEvent, positionsOf, randomFrom, someEvents, untilCaughtUp } from './events.js';
import { newPrefix, openStore, type Engine, type LogStore } from './log-stores.js';
import { RandomLog } from './random-log.js';
import { watched } from './tally.js';

const seed = Number(process.env['KEYLEDGER_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const never = (): AbortSignal => new AbortController().signal;

const copy = (source: EventLog, target: EventLog, signal = never()): Promise<CopyReport> =>
  copyLog(source, target, { signal });

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Everything but what is the log's own. */
const contentsOf = async (log: EventLog): Promise<readonly object[]> => {
  const [, ...events] = await untilCaughtUp(log.follow(null, never()));
  return events.map(({ streamId, revision, id, type, data, metadata }) => {
    return { streamId, revision, id, type, data: hex(data), metadata: hex(metadata) };
  });
};

const directions: readonly (readonly [from: Engine, to: Engine])[] = [
  ['PostgreSQL', 'PostgreSQL'],
  ['PostgreSQL', 'EventStoreDB'],
  ['EventStoreDB', 'PostgreSQL'],
];

describe.each(directions)(`copying a log from %s to %s (KEYLEDGER_TEST_SEED=${seed})`, (from, to) => {
  let stores: readonly [LogStore, LogStore];
  let prefix: string;
  let source: EventLog;
  let target: EventLog;
  let random: () => number;
  let randomLog: RandomLog;

  const randomEvents = (events: number): Promise<void> => {
    randomLog = new RandomLog({ random, streamPrefix: prefix });
    return randomLog.write(source, events);
  };

  beforeAll(async () => {
    stores = await Promise.all([openStore(from), openStore(to)]);
  });

  afterAll(async () => {
    for (const store of stores) await store.drop();
  });

  beforeEach(async () => {
    random = randomFrom(seed);
    prefix = newPrefix();
    [source, target] = await Promise.all([stores[0].open(prefix), stores[1].open(prefix)]);
  });

  afterEach(async () => {
    await Promise.all([source.close(), target.close()]);
  });

  it('keeps streams, revisions, ids, types, every byte and the global order, and says so', async () => {
    await randomEvents(500);
    await randomLog.append(source, [{ ...anEvent(), data: new Uint8Array(1_048_576), metadata: new Uint8Array() }]);
    await randomLog.append(source, someEvents(1_000));
    const report = await copy(source, target);
    expect(report).toMatchObject({ found: 0, copied: 1_501, equal: true, difference: null });
    expect(report.source).toEqual({ logId: source.logId, events: 1_501, sha256: report.target.sha256 });
    expect(report.target).toEqual({ logId: target.logId, events: 1_501, sha256: report.source.sha256 });
    expect(await contentsOf(target)).toEqual(await contentsOf(source));
    expect(target.logId).not.toBe(source.logId);
  });

  it('goes on where it was stopped, wherever that was', async () => {
    await randomEvents(200);
    let copied = 0;
    let attempts = 0;
    for (let report: CopyReport | null = null; report === null; attempts += 1) {
      const stopping = new AbortController();
      const most = 1 + Math.floor(random() * 4);
      let appends = 0;
      const stopped = watched(target, async (...append) => {
        if ((appends += 1) === most) stopping.abort();
        const outcome = await target.append(...append);
        copied += outcome.kind === 'ok' ? append[2].length : 0;
        return outcome;
      });
      report = await copy(source, stopped, stopping.signal).catch((error: unknown) => {
        expect(error).toEqual(new CopyFailed('Stopped. The same command goes on from here.'));
        return null;
      });
    }
    expect(attempts).toBeGreaterThan(1);
    expect(copied).toBe(200);
    expect(await copy(source, target)).toMatchObject({ found: 200, copied: 0, equal: true });
  });

  it('goes on after it was killed with an append under way', async () => {
    await randomEvents(150);
    for (let report: CopyReport | null = null; report === null;) {
      const most = 1 + Math.floor(random() * 10);
      let appends = 0;
      const killed = watched(target, async (...append) => {
        appends += 1;
        if (appends === most && random() < 0.5) throw new Error('killed');
        const outcome = await target.append(...append);
        if (appends === most) throw new Error('killed');
        return outcome;
      });
      report = await copy(source, killed).catch((error: unknown) => {
        expect(error).toEqual(new Error('killed'));
        return null;
      });
    }
    expect(await contentsOf(target)).toEqual(await contentsOf(source));
  });

  it('repeats an append whose outcome is unknown, and stores nothing twice', async () => {
    await randomEvents(150);
    const troubles: string[] = [];
    const kinds = ['unknown', 'unavailable', 'storage-full'] as const;
    const failing = watched(target, async (...append) => {
      const kind = kinds[Math.floor(random() * 5)];
      if (kind === undefined) return target.append(...append);
      if (kind === 'unknown') await target.append(...append);
      return { kind, reason: 'a test' };
    });
    const onTrouble = (line: string): void => void troubles.push(line);
    const report = await copyLog(source, failing, { signal: never(), onTrouble });
    expect(report).toMatchObject({ copied: 150, equal: true });
    expect(troubles).not.toHaveLength(0);
    expect(await contentsOf(target)).toEqual(await contentsOf(source));
  });

  it('takes what has come meanwhile at the next time', async () => {
    await randomEvents(50);
    let walks = 0;
    const growing: EventLog = {
      ...watched(source, (...append) => source.append(...append)),
      async *follow(anchor, signal) {
        if ((walks += 1) === 2) await randomLog.append(source, someEvents(3));
        yield* source.follow(anchor, signal);
      },
    };
    const report = await copy(growing, target);
    expect(report).toMatchObject({ copied: 50, equal: false, difference: null });
    expect([report.source.events, report.target.events]).toEqual([53, 50]);
    expect(await copy(source, target)).toMatchObject({ found: 50, copied: 3, equal: true });
  });

  it('goes back again with what the copy got since', async () => {
    await randomEvents(50);
    await copy(source, target);
    await randomLog.append(target, someEvents(2));
    expect(await copy(target, source)).toMatchObject({ found: 50, copied: 2, equal: true });
    expect(await contentsOf(source)).toEqual(await contentsOf(target));
  });

  describe('refuses', () => {
    const event = anEvent();
    const other = anEvent();

    const stored = async (log: EventLog, ...appends: readonly (readonly [string, typeof event])[]): Promise<void> => {
      const revisions = new Map<string, number>();
      for (const [stream, stored] of appends) {
        const revision = revisions.get(stream) ?? NO_STREAM;
        positionsOf(await log.append(`${prefix}${stream}`, revision, [stored]));
        revisions.set(stream, revision + 1);
      }
    };

    it.each([
      ['id', { ...event, id: other.id }],
      ['type', { ...event, type: 'SomethingElse' }],
      ['data', { ...event, data: Buffer.from('other') }],
      ['metadata', { ...event, metadata: Buffer.from('{ }') }],
    ])('a target whose event differs in its %s', async (name, different) => {
      await stored(source, ['a', other], ['b', event], ['c', other]);
      await stored(target, ['a', other], ['b', different]);
      const head = await target.head();
      await expect(copy(source, target)).rejects.toThrow(
        new CopyFailed(
          'The target is not a copy of the source, so nothing was written. ' +
            `Event 2 is revision 0 of ${prefix}b in the source and revision 0 of ${prefix}b in the target. ` +
            `It differs in ${name}.`,
        ),
      );
      expect(await target.head()).toBe(head);
    });

    it('a target in another order', async () => {
      await stored(source, ['a', event], ['b', other]);
      await stored(target, ['b', other], ['a', event]);
      await expect(copy(source, target)).rejects.toThrow(
        `Event 1 is revision 0 of ${prefix}a in the source and revision 0 of ${prefix}b in the target.`,
      );
    });

    it('a target that holds more than the source', async () => {
      await stored(source, ['a', event]);
      await stored(target, ['a', event], ['a', other]);
      await expect(copy(source, target)).rejects.toThrow(
        `The source ends before event 2, which is revision 1 of ${prefix}a in the target.`,
      );
    });

    it('a source that holds nothing', async () => {
      await expect(copy(source, target)).rejects.toThrow(/The source holds no event/);
    });

    it('to go on where somebody else writes to the target', async () => {
      await stored(source, ['a', event], ['a', other]);
      const disturbed = watched(target, async (...append) => {
        await target.append(`${prefix}a`, NO_STREAM, [anEvent()]);
        return target.append(...append);
      });
      await expect(copy(source, disturbed)).rejects.toThrow(
        `Stream ${prefix}a of the target is at revision 0, not -1: `,
      );
    });

    it('to call a copy equal into which somebody else has written', async () => {
      await stored(source, ['a', event], ['a', other]);
      const disturbed = watched(target, async (...append) => {
        await target.append(`${prefix}b`, NO_STREAM, [event]);
        return target.append(...append);
      });
      const report = await copy(source, disturbed);
      expect(report).toMatchObject({ equal: false, source: { events: 2 }, target: { events: 3 } });
      expect(report.difference).toContain(`Event 1 is revision 0 of ${prefix}a in the source and revision 0 of`);
      expect(report.source.sha256).not.toBe(report.target.sha256);
    });
  });

  it('notices what the target has stored otherwise than it was told', async () => {
    await randomEvents(20);
    const careless = watched(target, (stream, revision, [first, ...others]) =>
      target.append(stream, revision, [{ ...anEvent(), id: first?.id ?? '' }, ...others]),
    );
    const report = await copy(source, careless);
    expect(report).toMatchObject({ copied: 20, equal: false, source: { events: 20 }, target: { events: 20 } });
    expect(report.difference).toMatch(/^Event 1 is revision 0 .* It differs in .*data/);
  });

  it('stops at once if told so before it begins', async () => {
    await randomEvents(10);
    await expect(copy(source, target, AbortSignal.abort())).rejects.toThrow(CopyFailed);
    expect(await contentsOf(target)).toEqual([]);
  });
});
