import { createDatabase, type TestDatabase } from '@keyledger/testing';
import pg from 'pg';
import { CopyFailed, NO_STREAM, copyLog, openPostgresEventLog, type CopyReport, type EventLog } from '../src/index.js';
import { anEvent, positionsOf, randomFrom, readAll, someEvents, untilCaughtUp } from './events.js';
import { RandomLog } from './random-log.js';
import { watched } from './tally.js';
import { TcpProxy } from './tcp-proxy.js';

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

describe(`copying a log (KEYLEDGER_TEST_SEED=${seed})`, () => {
  let databases: TestDatabase[];
  let source: EventLog;
  let target: EventLog;
  let random: () => number;
  let randomLog: RandomLog;

  const randomEvents = (events: number): Promise<void> => {
    randomLog = new RandomLog({ random, streamPrefix: '', events });
    return randomLog.write(source);
  };

  beforeEach(async () => {
    random = randomFrom(seed);
    databases = [await createDatabase(), await createDatabase()];
    const [first, second] = databases.map(({ url }) => openPostgresEventLog({ connectionString: url }));
    if (first === undefined || second === undefined) throw new Error('Two logs were to be opened.');
    [source, target] = await Promise.all([first, second]);
  });

  afterEach(async () => {
    await Promise.all([source.close(), target.close()]);
    for (const database of databases) await database.drop();
  });

  it('keeps streams, revisions, ids, types, every byte and the global order, and says so', async () => {
    await randomEvents(1_500);
    await randomLog.append(source, [{ ...anEvent(), data: new Uint8Array(1_048_576), metadata: new Uint8Array() }]);
    await randomLog.append(source, someEvents(1_000));
    const report = await copy(source, target);
    expect(report).toMatchObject({ found: 0, copied: 2_501, equal: true, difference: null });
    expect(report.source).toEqual({ logId: source.logId, events: 2_501, sha256: report.target.sha256 });
    expect(report.target).toEqual({ logId: target.logId, events: 2_501, sha256: report.source.sha256 });
    expect(await contentsOf(target)).toEqual(await contentsOf(source));
    expect(target.logId).not.toBe(source.logId);
  });

  it('goes on where it was stopped, wherever that was', async () => {
    await randomEvents(400);
    let copied = 0;
    let attempts = 0;
    for (let report: CopyReport | null = null; report === null; attempts += 1) {
      const stopping = new AbortController();
      const most = 1 + Math.floor(random() * 5);
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
    expect(attempts).toBeGreaterThan(5);
    expect(copied).toBe(400);
    expect(await copy(source, target)).toMatchObject({ found: 400, copied: 0, equal: true });
  });

  it('goes on after it was killed with an append under way', async () => {
    await randomEvents(300);
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
    await randomEvents(300);
    const troubles: string[] = [];
    const kinds = ['unknown', 'unavailable', 'storage-full'] as const;
    const failing = watched(target, async (...append) => {
      const kind = kinds[Math.floor(random() * 8)];
      if (kind === undefined) return target.append(...append);
      if (kind === 'unknown') await target.append(...append);
      return { kind, reason: 'a test' };
    });
    const onTrouble = (line: string): void => void troubles.push(line);
    const report = await copyLog(source, failing, { signal: never(), onTrouble });
    expect(report).toMatchObject({ copied: 300, equal: true });
    expect(troubles).not.toHaveLength(0);
    expect(await contentsOf(target)).toEqual(await contentsOf(source));
  });

  it('lives through lost replies and connections on both sides', async () => {
    await randomEvents(600);
    const proxies = await Promise.all(databases.map(({ url }) => TcpProxy.before(url)));
    const options = { streamPrefix: '', deadlineMs: 500 };
    const unsteady = await Promise.all(
      proxies.map((proxy) => openPostgresEventLog({ connectionString: proxy.url, ...options })),
    );
    const [from, to] = unsteady;
    if (from === undefined || to === undefined) throw new Error('Two logs were to be opened.');
    let steps = 0;
    const troubles: string[] = [];
    const report = await copyLog(from, to, {
      signal: never(),
      onProgress: () => {
        steps += 1;
        if (steps % 20 === 5) for (const proxy of proxies) proxy.cut();
        if (steps % 20 === 15) for (const proxy of proxies) proxy.behaviour = 'no-replies';
      },
      onTrouble: (line) => {
        troubles.push(line);
        for (const proxy of proxies) {
          proxy.behaviour = 'open';
          proxy.cut();
        }
      },
    });
    expect(report).toMatchObject({ copied: 600, equal: true });
    expect(troubles.some((line) => line.includes('(unknown)'))).toBe(true);
    await Promise.all(unsteady.map((log) => log.close()));
    for (const proxy of proxies) await proxy.close();
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
        positionsOf(await log.append(stream, revision, [stored]));
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
          'The target is not a copy of the source, so nothing was written. Event 2 is revision 0 of b in the source ' +
            `and revision 0 of b in the target. It differs in ${name}.`,
        ),
      );
      expect(await target.head()).toBe(head);
    });

    it('a target in another order', async () => {
      await stored(source, ['a', event], ['b', other]);
      await stored(target, ['b', other], ['a', event]);
      await expect(copy(source, target)).rejects.toThrow(
        /Event 1 is revision 0 of a in the source and revision 0 of b/,
      );
    });

    it('a target that holds more than the source', async () => {
      await stored(source, ['a', event]);
      await stored(target, ['a', event], ['a', other]);
      await expect(copy(source, target)).rejects.toThrow(/The source ends before event 2, which is revision 1 of a/);
    });

    it('a source that holds nothing', async () => {
      await expect(copy(source, target)).rejects.toThrow(/The source holds no event/);
    });

    it('to go on where somebody else writes to the target', async () => {
      await stored(source, ['a', event], ['a', other]);
      const disturbed = watched(target, async (...append) => {
        await target.append('a', NO_STREAM, [anEvent()]);
        return target.append(...append);
      });
      await expect(copy(source, disturbed)).rejects.toThrow(/Stream a of the target is at revision 0, not -1/);
    });

    it('to call a copy equal into which somebody else has written', async () => {
      await stored(source, ['a', event], ['a', other]);
      const disturbed = watched(target, async (...append) => {
        await target.append('b', NO_STREAM, [event]);
        return target.append(...append);
      });
      const report = await copy(source, disturbed);
      expect(report).toMatchObject({ equal: false, source: { events: 2 }, target: { events: 3 } });
      expect(report.difference).toMatch(/^Event 1 is revision 0 of a in the source and revision 0 of b in the target/);
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
    expect(report.difference).toMatch(/^Event 1 is revision 0 .* It differs in type, data/);
  });

  it('stops at once if told so before it begins', async () => {
    await randomEvents(10);
    await expect(copy(source, target, AbortSignal.abort())).rejects.toThrow(CopyFailed);
    expect(await contentsOf(target)).toEqual([]);
  });

  it.each(['source', 'target'] as const)('gives up when the %s stays away', async (side) => {
    await randomEvents(10);
    const [first, second] = databases;
    const proxy = await TcpProxy.before((side === 'source' ? first : second)?.url ?? '');
    const away = await openPostgresEventLog({ connectionString: proxy.url, deadlineMs: 300 });
    proxy.behaviour = 'refusing';
    proxy.cut();
    const [from, to] = side === 'source' ? [away, target] : [source, away];
    const patience = { signal: never(), patienceMs: 300 };
    await expect(copyLog(from, to, patience)).rejects.toThrow(`Gave up after 300 ms without the ${side}: `);
    const unwritable = watched(target, async () => ({ kind: 'unavailable', reason: 'a test' }));
    await expect(copyLog(source, unwritable, patience)).rejects.toThrow(
      'Gave up after 300 ms without the target: a test',
    );
    await away.close();
    await proxy.close();
  });

  it('can be sure of a PostgreSQL log to which the constraint of the guide lets nobody write', async () => {
    await randomEvents(10);
    const client = new pg.Client({ connectionString: databases[0]?.url });
    await client.connect();
    await client.query('alter table event_log.events add constraint moved check (false) not valid');
    expect(await source.append('late', NO_STREAM, [anEvent()])).toMatchObject({ kind: 'unavailable' });
    expect(await copy(source, target)).toMatchObject({ copied: 10, equal: true });
    await client.query('alter table event_log.events drop constraint moved');
    expect(await source.append('late', NO_STREAM, [anEvent()])).toMatchObject({ kind: 'ok' });
    expect(await readAll(source, 'late')).toHaveLength(1);
    await client.end();
  });
});
