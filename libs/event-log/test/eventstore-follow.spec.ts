import { firstEvent, ServerError, startEsdbNode, type EsdbNode } from '@keyledger/testing';
import { randomUUID } from 'node:crypto';
import {
  LogReplaced,
  NO_STREAM,
  openEventStoreEventLog,
  type Anchor,
  type EventLog,
  type FollowItem,
  type RecordedEvent,
} from '../src/index.js';
import { anEvent, answers, followUntil, positionsOf, someEvents, until, untilCaughtUp } from './events.js';

const INTERNAL = 13;
const anchorAt = (event: RecordedEvent | undefined): Anchor => ({
  position: event?.position ?? '',
  eventId: event?.id ?? '',
});

// A rejection that nobody handles fails the test during which it comes.
describe('Following EventStoreDB, when things go wrong', () => {
  let node: EsdbNode;
  let log: EventLog;

  const open = (): Promise<EventLog> =>
    openEventStoreEventLog({ firstEvent, url: node.url, streams: 'thing-.+', deadlineMs: 2_000 });

  beforeEach(async () => {
    node = await startEsdbNode();
    log = await open();
  });

  afterEach(async () => {
    node.thaw();
    await log.close();
    await node.stop();
  });

  const store = async (count = 1): Promise<string[]> => {
    const events = someEvents(count);
    positionsOf(await log.append(`thing-${randomUUID()}`, NO_STREAM, events));
    return events.map(({ id }) => id);
  };

  /** Follows in the background; what has come can be asked at any time. */
  const follow = (anchor: Anchor | null = null, on: EventLog = log) => {
    const ids: string[] = [];
    const kinds: FollowItem['kind'][] = [];
    const stop = new AbortController();
    const done = followUntil(on.follow(anchor, stop.signal), (_, item) => {
      kinds.push(item.kind);
      if (item.kind === 'events') ids.push(...item.events.map(({ id }) => id));
      return false;
    });
    done.catch(() => undefined);
    return {
      ids,
      kinds,
      done,
      stop: () => stop.abort(),
      has: (id: string | undefined) => until(() => ids.includes(id ?? '')),
      caughtUp: () => until(() => kinds.at(-1) === 'caught-up'),
    };
  };

  /** Each event of ours once, in the order of the log. */
  const ours = (): string[] =>
    node.store.records.filter(({ streamId }) => /^(thing-|log$)/.test(streamId)).map(({ id }) => id);

  it.each<[string, () => void]>([
    ['ends', () => node.endSubscriptions()],
    ['fails, and goes on delivering', () => node.failSubscriptions(new ServerError(INTERNAL, 'Received RST_STREAM'))],
    ['goes silent', () => node.muteSubscriptions()],
    ['loses its connection', () => node.resetConnections()],
    ['ends again and again', () => setImmediate(() => [1, 2, 3].forEach(() => node.endSubscriptions()))],
  ])('goes on without loss or repetition, and without a word, when a subscription %s', async (_, disturb) => {
    await store(100);
    const following = follow();
    await following.caughtUp();
    for (let round = 0; round < 3; round += 1) {
      const before = await store(20);
      await following.has(before.at(-1));
      disturb();
      await until(async () => (await log.append(`thing-${randomUUID()}`, NO_STREAM, [anEvent()])).kind === 'ok');
      await following.has(ours().at(-1));
    }
    expect(following.ids).toEqual(ours());
    expect(following.kinds).not.toContain('unavailable');
    following.stop();
    await following.done;
  });

  it('says once that a frozen server does not answer, and goes on when it does', async () => {
    const following = follow();
    await following.caughtUp();
    node.freeze();
    await until(() => following.kinds.at(-1) === 'unavailable');
    node.thaw();
    await until(() => answers(log));
    const [id] = await store();
    await following.has(id);
    await following.caughtUp();
    expect(following.kinds.filter((kind) => kind === 'unavailable')).toHaveLength(1);
    expect(following.ids).toEqual(ours());
    following.stop();
  });

  it('goes on after a restart of the server', async () => {
    const following = follow();
    await following.caughtUp();
    node.kill();
    await until(() => following.kinds.at(-1) === 'unavailable');
    await node.accept();
    await until(() => answers(log));
    const [id] = await store();
    await following.has(id);
    expect(following.kinds.filter((kind) => kind === 'unavailable')).toHaveLength(1);
    expect(following.ids).toEqual(ours());
    following.stop();
  });

  it.each<[string, number]>([
    ['does not find the last events yet', -5],
    ['shows an empty log for a moment', -Infinity],
  ])('waits for a leader that %s', async (_, count) => {
    await store(20);
    const following = follow();
    await following.caughtUp();
    const hidden = node.store.records.splice(count);
    node.resetConnections();
    await until(() => following.kinds.at(-1) === 'unavailable');
    node.store.records.push(...hidden);
    await following.caughtUp();
    const [id] = await store();
    await following.has(id);
    expect(following.ids).toEqual(ours());
    following.stop();
    await following.done;
  });

  it('goes on after a time in which subscriptions were accepted and nothing more', async () => {
    const following = follow();
    await following.caughtUp();
    node.fail('subscribe', { answer: 'silence' }, Infinity);
    node.endSubscriptions();
    const [id] = await store();
    await until(() => following.kinds.at(-1) === 'unavailable');
    node.clearFaults();
    await following.has(id);
    expect(following.ids).toEqual(ours());
    following.stop();
    await following.done;
  });

  it('loses nothing to a scavenge of others’ events between stop and start', async () => {
    const events: string[] = [];
    for (let round = 0; round < 40; round += 1) {
      node.write(`other-${round}`, ...Array.from({ length: 25 }, () => ({ type: 'Others' })));
      events.push(...(await store()));
      const followed = await untilCaughtUp(log.follow(null, new AbortController().signal));
      node.write(`other-${round}`, ...Array.from({ length: 25 }, () => ({ type: 'Others' })));
      events.push(...(await store(2)));
      node.store.scavenge(({ streamId }) => /^(other-|\$)/.test(streamId));
      const rest = await untilCaughtUp(log.follow(anchorAt(followed.at(-1)), new AbortController().signal));
      expect([...followed.slice(1), ...rest].map(({ id }) => id)).toEqual(events);
    }
  });

  it('delivers everything once to a consumer that is too slow', async () => {
    const items = log.follow(null, new AbortController().signal)[Symbol.asyncIterator]();
    const ids: string[] = [];
    const take = async (): Promise<FollowItem> => {
      const { value } = (await items.next()) as { value: FollowItem };
      if (value.kind === 'events') ids.push(...value.events.map(({ id }) => id));
      return value;
    };
    while ((await take()).kind !== 'caught-up');
    const big = (): { type: string; data: Buffer } => ({ type: 'Big', data: Buffer.alloc(16_384) });
    const subscribed = node.calls.subscribe;
    // Far more than is read ahead, while nobody takes any.
    for (let round = 0; round < 40; round += 1) {
      node.write('thing-big', ...Array.from({ length: 100 }, big));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => node.subscriptions === 0);
    while (ids.length < 4_001) await take();
    expect(ids).toEqual(ours());
    expect(node.calls.subscribe).toBeGreaterThan(subscribed);
    await items.return?.();
  });

  it('subscribes again at once when it is dropped at the change to live', async () => {
    await store(200);
    node.dropAtCaughtUp(3);
    const following = follow();
    await following.caughtUp();
    expect(following.ids).toEqual(ours());
    expect(following.kinds).not.toContain('unavailable');
    following.stop();
  });

  it('delivers what is malformed as it is, and nothing of streams that only look like ours', async () => {
    node.write('thing-1', { type: 'Broken', contentType: 'application/json', data: Buffer.from('{"half":') });
    for (const foreign of ['login-1', 'a-thing-1', 'Thing-1', 'thing-', 'log-1', 'thing-1\n']) {
      node.write(foreign, { type: 'Foreign' });
    }
    const [id] = await store();
    const [, broken, ...rest] = await untilCaughtUp(log.follow(null, new AbortController().signal));
    expect(Buffer.from(broken?.data ?? []).toString()).toBe('{"half":');
    expect(rest.map((event) => event.id)).toEqual([id]);
  });

  it('knows the end of the log and how fresh it is among any number of others’ events', async () => {
    const [id] = await store();
    node.write('other', ...Array.from({ length: 10_000 }, () => ({ type: 'Others' })));
    const events = await untilCaughtUp(log.follow(null, new AbortController().signal));
    expect(events.at(-1)?.id).toBe(id);
    expect(await log.head()).toBe(events.at(-1)?.position);
    node.write('other', ...Array.from({ length: 5_000 }, () => ({ type: 'Others' })));
    expect(await log.head()).toBe(events.at(-1)?.position);
    const [later] = await store();
    const rest = await untilCaughtUp(log.follow(anchorAt(events.at(-1)), new AbortController().signal));
    expect(rest.map((event) => event.id)).toEqual([later]);
  });

  it.each<[string, () => void]>([
    ['was cut back below its last event', () => node.cutBack(2)],
    ['was cut back, and has grown again', () => node.cutBack(5)],
    ['was replaced by another one', () => node.replaceLog()],
  ])('refuses a log that %s, while it runs and when it starts', async (which, replace) => {
    await store(10);
    const following = follow();
    await following.caughtUp();
    const events = await untilCaughtUp(log.follow(null, new AbortController().signal));
    replace();
    if (which.endsWith('again')) node.write('thing-new', ...Array.from({ length: 20 }, () => ({ type: 'New' })));
    await expect(following.done).rejects.toThrow(LogReplaced);
    const reopened = await open();
    const again = untilCaughtUp(reopened.follow(anchorAt(events.at(-1)), new AbortController().signal));
    await expect(again).rejects.toThrow(/replaced, or restored from an older backup/);
    await reopened.close();
  });

  it('refuses positions of another log, and of another engine', async () => {
    const [created] = await untilCaughtUp(log.follow(null, new AbortController().signal));
    const { position, id: eventId } = created ?? { position: '', id: '' };
    for (const foreign of [
      position.slice(0, -16),
      `${'0'.repeat(32)}${position.slice(32)}`,
      position.replace(/.$/, 'f'),
    ]) {
      const following = follow({ position: foreign, eventId });
      await expect(following.done).rejects.toThrow(LogReplaced);
    }
  });
});
