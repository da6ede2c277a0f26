import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { status } from '@grpc/grpc-js';
import { startEsdbNode, type EsdbNode } from '../src/index.js';
import { ProtocolClient, type Position, type ProtocolSubscription, type Query } from './esdb-protocol.js';

let node: EsdbNode;
let client: ProtocolClient;
beforeEach(async () => {
  node = await startEsdbNode({ systemEventEvery: 0 });
  client = new ProtocolClient(node);
});
afterEach(async () => {
  client.close();
  await node.stop();
});

const write = (stream: string, count = 1): Position => {
  const records = node.write(stream, ...Array.from({ length: count }, () => ({ type: 'Written' })));
  return [records.at(-1)?.commit ?? 0, records.at(-1)?.prepare ?? 0];
};
const kinds = (subscription: ProtocolSubscription): unknown[] =>
  subscription.messages.map((message) => (message.kind === 'event' ? message.event.revision : message.kind));
const ours: Query = { regex: '^ours-', window: 32 };

/** What a subscription brings until it has caught up. */
const catchUp = async (query: Query): Promise<ProtocolSubscription> => {
  const subscription = client.subscribe(query);
  await subscription.caughtUp();
  return subscription;
};

describe('a subscription to a stream', () => {
  it('brings what is there, says once that it has caught up, and brings what comes', async () => {
    write('s', 2);
    const subscription = await catchUp({ stream: 's' });
    write('s');
    await subscription.until(() => subscription.events.length === 3);
    expect(kinds(subscription)).toEqual(['confirmation', 0, 1, 'caughtUp', 2]);
  });

  it('begins exclusive from a revision, and with nothing from the end', async () => {
    write('s', 3);
    expect(kinds(await catchUp({ stream: 's', from: 1 }))).toEqual(['confirmation', 2, 'caughtUp']);
    expect(kinds(await catchUp({ stream: 's', from: 'end' }))).toEqual(['confirmation', 'caughtUp']);
  });

  it('says nothing of a stream that does not exist', async () => {
    const subscription = client.subscribe({ stream: 'later' });
    await subscription.until(() => subscription.messages.length === 1);
    write('later');
    await subscription.until(() => subscription.events.length === 1);
    expect(kinds(subscription)).toEqual(['confirmation', 0]);
  });
});

describe('a subscription to $all', () => {
  it('brings what matches from behind a position, then what comes', async () => {
    const from = write('ours-a');
    write('other');
    write('ours-b');
    const subscription = await catchUp({ ...ours, from });
    write('other');
    write('ours-c');
    await subscription.until(() => subscription.events.length === 2);
    expect(subscription.events.map((event) => event.stream)).toEqual(['ours-b', 'ours-c']);
  });

  it('from behind the end is caught up and then brings events from below its start', async () => {
    write('ours-a');
    const subscription = await catchUp({ ...ours, from: [9_000_000_000_000, 9_000_000_000_000] });
    write('ours-b');
    await subscription.until(() => subscription.events.length === 1);
    expect(subscription.events.map((event) => event.stream)).toEqual(['ours-b']);
  });

  it('fails from a position that no event has', async () => {
    const [commit, prepare] = write('ours-a');
    write('ours-b');
    const subscription = client.subscribe({ ...ours, from: [commit + 1, prepare + 1] });
    expect(await subscription.ended).toMatchObject({ code: status.UNKNOWN });
  });

  it('has a checkpoint for each search window: the last event of ours in it, else its first', async () => {
    const other = write('other', 32);
    write('other', 10);
    const own = write('ours-a');
    write('other', 40);
    const { checkpoints } = await catchUp(ours);
    expect(checkpoints).toEqual([[node.store.records[0]?.commit, node.store.records[0]?.prepare], own]);
    expect(checkpoints).not.toContainEqual(other);
  });

  it('goes on counting for checkpoints when it is live', async () => {
    write('other', 5);
    const subscription = await catchUp(ours);
    expect(subscription.checkpoints).toEqual([]);
    const last = write('other', 27);
    await subscription.until(() => subscription.checkpoints.length === 1);
    expect(subscription.checkpoints).toEqual([last]);
  });

  it('can have a live checkpoint on an event that no read shows', async () => {
    const subscription = await catchUp({ ...ours, window: 1 });
    node.store.writeEpoch();
    await subscription.until(() => subscription.checkpoints.length === 1);
    expect(subscription.checkpoints[0]?.[0]).toBe(node.store.records.at(-1)?.commit);
    expect((await client.read({})).messages).toEqual([]);
  });

  it('resumed from any checkpoint brings exactly what lies behind it, as long as nothing is removed', async () => {
    for (let index = 0; index < 12; index += 1) {
      write(`other-${index}`, 40);
      write(`ours-${index}`);
    }
    const { messages, checkpoints } = await catchUp(ours);
    expect(checkpoints.length).toBeGreaterThan(5);
    for (const from of checkpoints) {
      const at = messages.findIndex((message) => message.kind === 'checkpoint' && message.position === from);
      const behind = messages.slice(at).flatMap((message) => (message.kind === 'event' ? [message.event.id] : []));
      const resumed = await catchUp({ ...ours, from });
      expect(resumed.events.map((event) => event.id)).toEqual(behind);
    }
  });
});

describe('a scavenge', () => {
  it('lets an exclusive start at a removed event skip the next one, and an inclusive read not', async () => {
    write('ours-a');
    const removed = write('other');
    write('ours-b');
    write('ours-c');
    expect(node.store.scavenge((record) => record.streamId === 'other')).toBe(1);
    const subscription = await catchUp({ ...ours, from: removed });
    expect(subscription.events.map((event) => event.stream)).toEqual(['ours-c']);
    const { messages } = await client.read({ ...ours, from: removed });
    expect(messages).toMatchObject([{ event: { stream: 'ours-b' } }, { event: { stream: 'ours-c' } }]);
  });

  it('loses nothing to those who resume from an event of their own', async () => {
    const own = write('ours-a');
    write('other', 3);
    write('ours-b');
    node.store.scavenge((record) => record.streamId === 'other');
    const subscription = await catchUp({ ...ours, from: own });
    expect(subscription.events.map((event) => event.stream)).toEqual(['ours-b']);
  });
});

describe('a slow consumer', () => {
  const tooSlow = {
    code: status.ABORTED,
    details: 'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.',
    metadata: {},
  };

  it('that takes nothing is dropped, and has what was written before', async () => {
    const subscription = await catchUp(ours);
    subscription.pause();
    for (let index = 0; index < 300; index += 1) {
      node.write('ours-a', { type: 'Written', data: Buffer.alloc(1_000) });
    }
    const dropped = new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (node.subscriptions > 0) return;
        clearInterval(look);
        resolve();
      }, 5);
    });
    await dropped;
    subscription.resume();
    expect(await subscription.ended).toEqual(tooSlow);
    expect(subscription.events.length).toBeGreaterThan(0);
    expect(subscription.events.length).toBeLessThan(300);
    expect(subscription.events.map((event) => event.revision)).toEqual(subscription.events.map((_, index) => index));
  });

  it('is not one that takes what comes, however much at once', async () => {
    const subscription = await catchUp(ours);
    write('ours-a', 2_000);
    await subscription.until(() => subscription.messages.length === 2_002);
    expect(node.subscriptions).toBe(1);
  });

  it('can be one that is not slow, at the change to live', async () => {
    node.dropAtCaughtUp();
    write('ours-a');
    const dropped = client.subscribe(ours);
    expect(await dropped.ended).toEqual(tooSlow);
    expect(kinds(dropped)).toEqual(['confirmation', 0]);
    expect(kinds(await catchUp(ours))).toEqual(['confirmation', 0, 'caughtUp']);
  });
});
