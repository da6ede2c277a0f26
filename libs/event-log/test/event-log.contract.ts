import { performance } from 'node:perf_hooks';
import {
  LogReplaced,
  LogUnavailable,
  NO_STREAM,
  comparePositions,
  isPositionOf,
  type Anchor,
  type EventLog,
  type FollowItem,
  type NewEvent,
  type RecordedEvent,
} from '../src/index.js';
import { anEvent, appendSurely, followUntil, positionsOf, readAll, someEvents, untilCaughtUp } from './events.js';

export interface LogUnderTest {
  /** Stands before the names of all streams of the log. */
  readonly streamPrefix: string;
  /** Opens the same log as another process would; the caller closes it. */
  open(): Promise<EventLog>;
  /** Opens it so that it can be made to fail: after `interrupt` several attempts to reach it are in vain. */
  openUnsteady(): Promise<{ readonly log: EventLog; readonly interrupt: () => void }>;
  drop(): Promise<void>;
}

const MEBIBYTE = 1_048_576;

const sized = (bytes: number): NewEvent => ({ ...anEvent(), data: new Uint8Array(bytes), metadata: new Uint8Array(0) });
const anchorAt = (event: RecordedEvent): Anchor => ({ position: event.position, eventId: event.id });
const ids = (events: readonly { id: string }[]): string[] => events.map((event) => event.id);

/** Everything that the port promises, for every adapter. */
export const describeEventLog = (name: string, create: () => Promise<LogUnderTest>): void => {
  describe(name, () => {
    let subject: LogUnderTest;
    let log: EventLog;
    let other: EventLog;
    let streams = 0;
    const aStream = (): string => `${subject.streamPrefix}stream-${(streams += 1)}`;
    const signal = (): AbortSignal => new AbortController().signal;

    beforeAll(async () => {
      subject = await create();
      [log, other] = await Promise.all([subject.open(), subject.open()]);
    });

    afterAll(async () => {
      await Promise.all([log.close(), other.close()]);
      await subject.drop();
    });

    describe('identity', () => {
      it('is one log, even if processes open it for the first time together', () => {
        expect(log.logId).toMatch(/^[0-9a-f]{16,}$/);
        expect(other.logId).toBe(log.logId);
      });

      it('starts with the event that holds its id', async () => {
        const [first] = await untilCaughtUp(log.follow(null, signal()));
        expect(first).toMatchObject({ type: 'LogCreated', revision: 0 });
        expect(JSON.parse(Buffer.from(first?.data ?? []).toString())).toMatchObject({ logId: log.logId });
      });
    });

    describe('append', () => {
      it('stores events in order, each at a position of its own', async () => {
        const [stream, before] = [aStream(), await log.head()];
        const positions = positionsOf(await log.append(stream, NO_STREAM, someEvents(3), 'each'));
        expect([...positions].sort(comparePositions)).toEqual(positions);
        expect(new Set([before, ...positions]).size).toBe(4);
        expect(positions.every((position) => isPositionOf(log.logId, position))).toBe(true);
        expect(comparePositions(before, positions[0] ?? '')).toBeLessThan(0);
        expect(await log.head()).toBe(positions[2]);
        expect((await readAll(log, stream)).map((event) => event.position)).toEqual(positions);
      });

      it('answers with the position of the last event, or of each', async () => {
        const stream = aStream();
        const events = someEvents(3);
        const last = positionsOf(await log.append(stream, NO_STREAM, events));
        const positions = (await readAll(log, stream)).map(({ position }) => position);
        expect(last).toEqual(positions.slice(-1));
        expect(positionsOf(await other.append(stream, NO_STREAM, events, 'each'))).toEqual(positions);
      });

      it('keeps every byte of data and metadata, and every character of names', async () => {
        const stream = `${aStream()}-ünï💡`;
        const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
        const event = { ...anEvent('Ereignis-💡'), data: bytes, metadata: bytes.toReversed() };
        await log.append(stream, NO_STREAM, [
          event,
          { ...anEvent(), data: new Uint8Array(), metadata: new Uint8Array() },
        ]);
        const [first, second] = await readAll(other, stream);
        expect(first).toMatchObject({ id: event.id, type: event.type, streamId: stream, revision: 0 });
        expect(Buffer.from(first?.data ?? []).equals(bytes)).toBe(true);
        expect(Buffer.from(first?.metadata ?? []).equals(event.metadata)).toBe(true);
        expect([second?.data.byteLength, second?.metadata.byteLength]).toEqual([0, 0]);
      });

      it.each([
        ['a stream that exists as if it did not', NO_STREAM],
        ['an older revision', 0],
        ['a revision that is not there yet', 2],
      ])('refuses to go on from %s, and stores nothing', async (_, expected) => {
        const stream = aStream();
        const stored = someEvents(2);
        await log.append(stream, NO_STREAM, stored);
        expect(await other.append(stream, expected, [anEvent()])).toEqual({ kind: 'conflict', currentRevision: 1 });
        expect(ids(await readAll(log, stream))).toEqual(ids(stored));
      });

      it('refuses to go on from a revision of a stream that does not exist', async () => {
        expect(await log.append(aStream(), 0, [anEvent()])).toEqual({ kind: 'conflict', currentRevision: -1 });
      });

      it('answers the identical append with the original positions, whatever came since and whoever asks', async () => {
        const stream = aStream();
        const [first, second] = [someEvents(2), someEvents(3)];
        const outcomes = [
          await log.append(stream, NO_STREAM, first, 'each'),
          await log.append(stream, 1, second, 'each'),
        ];
        expect(await other.append(stream, NO_STREAM, first, 'each')).toEqual(outcomes[0]);
        expect(await log.append(stream, 1, second, 'each')).toEqual(outcomes[1]);
        expect(ids(await readAll(log, stream))).toEqual(ids([...first, ...second]));
      });

      it('is not fooled by an append that is identical only in part', async () => {
        const stream = aStream();
        const [first, second] = [anEvent(), anEvent()];
        await log.append(stream, NO_STREAM, [first, second]);
        const conflict = { kind: 'conflict', currentRevision: 1 };
        expect(await log.append(stream, NO_STREAM, [first, anEvent()])).toEqual(conflict);
        expect(await log.append(stream, NO_STREAM, [second, first])).toEqual(conflict);
        expect(await log.append(stream, NO_STREAM, [first, second, anEvent()])).toEqual(conflict);
      });

      it('stores a known id at a new revision again', async () => {
        const stream = aStream();
        const event = anEvent();
        await log.append(stream, NO_STREAM, [event]);
        expect(await log.append(stream, 0, [event])).toMatchObject({ kind: 'ok' });
        expect(ids(await readAll(log, stream))).toEqual([event.id, event.id]);
      });

      it('lets exactly one of many win the same revision', async () => {
        const stream = aStream();
        const attempts = Array.from({ length: 20 }, (_, index) =>
          (index % 2 ? log : other).append(stream, NO_STREAM, [anEvent()]),
        );
        const kinds = (await Promise.all(attempts)).map((outcome) => outcome.kind);
        expect(kinds.filter((kind) => kind === 'ok')).toHaveLength(1);
        expect(kinds.filter((kind) => kind === 'conflict')).toHaveLength(19);
        expect(await readAll(log, stream)).toHaveLength(1);
      });

      it('takes 1,000 events and 1 MiB at once, and refuses more', async () => {
        // An outcome that nobody knows in time is no refusal.
        expect(await appendSurely(log, aStream(), NO_STREAM, someEvents(1_000))).toHaveLength(1_000);
        expect(await appendSurely(log, aStream(), NO_STREAM, [sized(MEBIBYTE)])).toHaveLength(1);
        await expect(log.append(aStream(), NO_STREAM, someEvents(1_001))).rejects.toThrow(RangeError);
        await expect(log.append(aStream(), NO_STREAM, [sized(MEBIBYTE), sized(1)])).rejects.toThrow(RangeError);
        await expect(log.append(aStream(), NO_STREAM, [])).rejects.toThrow(RangeError);
        await expect(log.append(aStream(), -2, [anEvent()])).rejects.toThrow(RangeError);
      });
    });

    describe('readStream', () => {
      it('yields nothing for a stream that does not exist', async () => {
        expect(await readAll(log, `${subject.streamPrefix}stream-that-is-not-there`)).toEqual([]);
      });

      it('gives large events in pages of about 4 MiB', async () => {
        const stream = aStream();
        const events = Array.from({ length: 90 }, () => anEvent('ThingHappened', 'x'.repeat(100_000)));
        for (let from = 0; from < 90; from += 10) {
          positionsOf(await log.append(stream, from - 1, events.slice(from, from + 10)));
        }
        const pages: (readonly RecordedEvent[])[] = [];
        for await (const page of other.readStream(stream, 0)) pages.push(page);
        expect(ids(pages.flat())).toEqual(ids(events));
        expect(Math.max(...pages.map(({ length }) => length))).toBeLessThanOrEqual(42);
      });

      it('gives exactly the events from a revision on, in order, over many pages', async () => {
        const stream = aStream();
        const events = someEvents(2_500);
        for (const from of [0, 1_000, 2_000]) {
          await log.append(stream, from - 1, events.slice(from, from + 1_000));
        }
        const all = await readAll(other, stream);
        expect(ids(all)).toEqual(ids(events));
        expect(all.map((event) => event.revision)).toEqual(events.map((_, index) => index));
        expect(await readAll(log, stream, 1_499)).toEqual(all.slice(1_499));
        expect(await readAll(log, stream, 2_499)).toEqual(all.slice(2_499));
        expect(await readAll(log, stream, 2_500)).toEqual([]);
      });
    });

    describe('follow', () => {
      it('delivers everything from the start, then what comes, from any process, in order of position', async () => {
        const stream = aStream();
        const before = await untilCaughtUp(log.follow(null, signal()));
        expect(before.map((event) => event.position)).toEqual(
          before.map((event) => event.position).sort(comparePositions),
        );
        const [first, second] = [anEvent(), anEvent()];
        const items = log.follow(null, signal());
        let asked = 0;
        const followed = await followUntil(items, (events, item) => {
          if (item.kind === 'caught-up' && asked === 0) void other.append(stream, NO_STREAM, [first]);
          if (item.kind === 'events' && events.at(-1)?.id === first.id) void log.append(stream, 0, [second]);
          asked += item.kind === 'caught-up' ? 1 : 0;
          return events.at(-1)?.id === second.id;
        });
        expect(ids(followed)).toEqual([...ids(before), first.id, second.id]);
      });

      it('goes on after its anchor, without it', async () => {
        const all = await untilCaughtUp(log.follow(null, signal()));
        const anchor = all[all.length - 3];
        if (anchor === undefined) throw new Error('The log is too short.');
        expect(await untilCaughtUp(other.follow(anchorAt(anchor), signal()))).toEqual(all.slice(-2));
      });

      it('has delivered all that was stored at the time of which it says that it is caught up', async () => {
        const event = anEvent();
        await other.append(aStream(), NO_STREAM, [event]);
        const storedAtMs = performance.now();
        const all = await followUntil(
          log.follow(null, signal()),
          (_, item) => item.kind === 'caught-up' && item.asOfMs >= storedAtMs,
        );
        expect(ids(all)).toContain(event.id);
      });

      it('says again and again that it is caught up while nothing happens', async () => {
        const times: number[] = [];
        await followUntil(log.follow(null, signal()), (_, item) => {
          if (item.kind === 'caught-up') times.push(item.asOfMs);
          return times.length === 3;
        });
        expect([...new Set(times)].sort((left, right) => left - right)).toEqual(times);
      });

      it('says once that the log does not answer, and goes on when it does', async () => {
        const before = await untilCaughtUp(log.follow(null, signal()));
        const { log: unsteady, interrupt } = await subject.openUnsteady();
        const event = anEvent();
        const outages: FollowItem[] = [];
        let interrupted = false;
        const followed = await followUntil(unsteady.follow(null, signal()), (events, item) => {
          if (item.kind === 'caught-up' && !interrupted) {
            interrupted = true;
            interrupt();
          }
          if (item.kind === 'unavailable') {
            outages.push(item);
            void log.append(aStream(), NO_STREAM, [event]);
          }
          return events.at(-1)?.id === event.id;
        });
        await unsteady.close();
        expect(outages).toEqual([{ kind: 'unavailable', reason: expect.stringMatching(/./) as string }]);
        expect(ids(followed)).toEqual([...ids(before), event.id]);
      });

      it('ends when its signal aborts, waiting or not', async () => {
        const abort = new AbortController();
        const seen = await followUntil(log.follow(null, abort.signal), (_, item) => {
          if (item.kind === 'caught-up') abort.abort();
          return false;
        });
        expect(seen.length).toBeGreaterThan(0);
        expect(await followUntil(log.follow(null, AbortSignal.abort()), () => false)).toEqual([]);
      });

      it('refuses an anchor that is not where it was', async () => {
        const [last] = (await untilCaughtUp(log.follow(null, signal()))).slice(-1);
        if (last === undefined) throw new Error('The log is empty.');
        const { position, eventId } = anchorAt(last);
        const place = position.split('-')[1] ?? '';
        const foreign = [
          { position, eventId: anEvent().id },
          { position: `${'0'.repeat(32)}-${place}`, eventId },
          { position: `${log.logId}-${place.replace(/^0/, '7')}`, eventId },
        ];
        for (const anchor of foreign) {
          await expect(untilCaughtUp(log.follow(anchor, signal()))).rejects.toThrow(LogReplaced);
        }
      });
    });

    it('tells which event stands at a position', async () => {
      const [one, other] = await untilCaughtUp(log.follow(null, signal()));
      if (one === undefined || other === undefined) throw new Error('The log is empty.');
      expect(await log.anchorAt(one.position)).toEqual(anchorAt(one));
      const place = other.position.split('-')[1] ?? '';
      const places = [place.replace(/^0/, '7'), place.replace(/^0/, 'f'), '0'.repeat(place.length)];
      const otherEngine = place.length === 16 ? place.padStart(32, '0') : place.slice(16);
      const elsewhere = [...places, otherEngine].map((each) => `${log.logId}-${each}`);
      elsewhere.push(`${'0'.repeat(16)}-${place}`, `${log.logId}-${place.slice(1)}`);
      for (const position of elsewhere) expect([position, await log.anchorAt(position)]).toEqual([position, null]);
    });

    it('answers a ping', async () => {
      await expect(log.ping()).resolves.toBeUndefined();
    });

    it('does nothing more once it is closed', async () => {
      const closed = await subject.open();
      const following = followUntil(closed.follow(null, signal()), () => false);
      await closed.close();
      await following;
      expect(await closed.append(aStream(), NO_STREAM, [anEvent()])).toMatchObject({ kind: 'unavailable' });
      await expect(closed.ping()).rejects.toThrow(LogUnavailable);
      await expect(closed.head()).rejects.toThrow(LogUnavailable);
      await expect(closed.anchorAt(await log.head())).rejects.toThrow(LogUnavailable);
    });
  });
};
