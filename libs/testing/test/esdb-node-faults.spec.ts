import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  binaryEvent,
  END,
  EventStoreDBClient,
  FORWARDS,
  NO_STREAM,
  START,
  type AllStreamSubscription,
  type AppendResult,
} from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import { forwardingTimeout, ServerError, startEsdbNode, type EsdbNode } from '../src/index.js';
import { ProtocolClient } from './esdb-protocol.js';

const credentials = { username: 'any', password: 'any' };

let node: EsdbNode;
let client: EventStoreDBClient;
beforeEach(async () => {
  node = await startEsdbNode({ systemEventEvery: 0 });
  client = EventStoreDBClient.connectionString(node.url);
});
afterEach(async () => {
  await client.dispose();
  await node.stop();
});

const append = (stream = 'ours', id: string = crypto.randomUUID(), deadline = 10_000): Promise<AppendResult> =>
  client.appendToStream(stream, binaryEvent({ id, type: 'X', data: Buffer.of(1) }), {
    expectedRevision: NO_STREAM,
    credentials,
    deadline,
  });
const stored = (stream = 'ours'): number => node.store.stream(stream).length;

/** What the subscription of the client brings and says, in order. */
const follow = (from: typeof START | typeof END = START): { subscription: AllStreamSubscription; heard: string[] } => {
  const heard: string[] = [];
  const subscription = client.subscribeToAll({ fromPosition: from, credentials });
  subscription.on('confirmation', () => heard.push('confirmation'));
  subscription.on('caughtUp', () => heard.push('caught up'));
  subscription.on('data', ({ event }) => heard.push(event?.streamId ?? ''));
  subscription.on('error', (error: Error & { code?: number }) => heard.push(`error ${error.code}`));
  subscription.on('end', () => heard.push('end'));
  return { subscription, heard };
};
const until = async (isReached: () => boolean): Promise<void> => {
  while (!isReached()) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('an append that meets a fault', () => {
  it('goes the unary way with credentials of its own, and is counted', async () => {
    await append();
    expect(node.calls).toMatchObject({ append: 1, batchAppend: 0 });
  });

  it('is never answered, written or not', async () => {
    node.fail('append', { answer: 'silence' });
    await expect(append('a', crypto.randomUUID(), 100)).rejects.toMatchObject({ type: 'deadline-exceeded' });
    expect(stored('a')).toBe(0);
    node.fail('append', { answer: 'silence', written: true });
    await expect(append('b', crypto.randomUUID(), 100)).rejects.toMatchObject({ type: 'deadline-exceeded' });
    expect(stored('b')).toBe(1);
  });

  it('is answered late', async () => {
    node.fail('append', { delayMs: 50 });
    const appended = append();
    await until(() => stored() === 1);
    expect((await appended).success).toBe(true);
  });

  it('is written and then answered ABORTED; the same again has the old answer', async () => {
    const id = crypto.randomUUID();
    node.fail('append', { answer: forwardingTimeout(), written: true });
    await expect(append('ours', id)).rejects.toMatchObject({ type: 'timeout', code: status.ABORTED });
    expect(stored()).toBe(1);
    const again = await append('ours', id);
    expect(again.position?.commit).toBe(BigInt(node.store.stream('ours')[0]?.commit ?? 0));
    expect(stored()).toBe(1);
  });

  it('is answered ABORTED without being written', async () => {
    node.fail('append', { answer: forwardingTimeout() }, 2);
    await expect(append()).rejects.toMatchObject({ type: 'timeout' });
    await expect(append()).rejects.toMatchObject({ type: 'timeout' });
    expect(stored()).toBe(0);
    await append();
    expect(stored()).toBe(1);
  });

  it('is written, and its connection reset before the reply', async () => {
    const id = crypto.randomUUID();
    node.fail('append', { answer: 'reset', written: true });
    await expect(append('ours', id)).rejects.toMatchObject({ code: status.UNAVAILABLE });
    expect(stored()).toBe(1);
    expect((await append('ours', id)).success).toBe(true);
    expect(stored()).toBe(1);
  });

  it('meets it until the faults are cleared, if so wished', async () => {
    node.fail('append', { answer: new ServerError(status.UNAVAILABLE, 'Server Is Too Busy') }, Infinity);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(append()).rejects.toMatchObject({ type: 'unavailable' });
    }
    node.clearFaults();
    await append();
    expect(stored()).toBe(1);
  });
});

describe('another call that meets a fault', () => {
  const read = async (): Promise<number> => {
    let events = 0;
    for await (const { event } of client.readStream('ours', { credentials })) if (event) events += 1;
    return events;
  };

  it('is a read that fails, breaks off or comes late', async () => {
    await append();
    node.fail('read', { answer: new ServerError(status.UNAVAILABLE, 'Server Is Not Ready') });
    await expect(read()).rejects.toMatchObject({ type: 'unavailable', message: expect.stringContaining('Not Ready') });
    node.fail('read', { answer: 'reset' });
    await expect(read()).rejects.toMatchObject({ code: status.UNAVAILABLE });
    node.fail('read', { delayMs: 20 });
    expect(await read()).toBe(1);
    expect(node.calls.read).toBe(3);
  });

  it('is a question for the version or the members', async () => {
    const failed = { answer: new ServerError(status.UNAVAILABLE, 'Server Is Not Ready') };
    const protocol = new ProtocolClient(node);
    node.fail('features', failed);
    await expect(protocol.supportedMethods()).rejects.toMatchObject({ code: status.UNAVAILABLE });
    node.fail('gossip', failed);
    await expect(protocol.members()).rejects.toMatchObject({ code: status.UNAVAILABLE });
    expect(await protocol.members()).toHaveLength(1);
    protocol.close();
  });
});

describe('a subscription that meets a fault', () => {
  it('ends cleanly', async () => {
    const { heard } = follow();
    await until(() => heard.includes('caught up'));
    node.endSubscriptions();
    await until(() => heard.length === 3);
    expect(heard).toEqual(['confirmation', 'caught up', 'end']);
  });

  it('ends with an error', async () => {
    const { heard } = follow();
    await until(() => heard.includes('caught up'));
    node.failSubscriptions(new ServerError(status.INTERNAL, 'Something broke'));
    await until(() => heard.length === 3);
    expect(heard).toEqual(['confirmation', 'caught up', `error ${status.INTERNAL}`]);
  });

  it('goes on delivering after the error to a consumer that is behind', async () => {
    const heard: string[] = [];
    const subscription = client.subscribeToAll({ fromPosition: START, credentials });
    subscription.on('error', () => heard.push('error'));
    const caughtUp = new Promise<void>((resolve) => subscription.once('caughtUp', resolve));
    await caughtUp;
    node.write('ours', ...Array.from({ length: 20 }, () => ({ type: 'X' })));
    node.failSubscriptions(new ServerError(status.UNAVAILABLE, 'Gone'));
    await until(() => heard.length === 1);
    subscription.on('data', ({ event }) => heard.push(event?.streamId ?? ''));
    await until(() => heard.length > 10);
    expect(heard.slice(0, 3)).toEqual(['error', 'ours', 'ours']);
  });

  it('is never confirmed', async () => {
    node.fail('subscribe', { answer: 'silence' });
    const { heard } = follow();
    await until(() => node.calls.subscribe === 1);
    const { heard: second } = follow();
    await until(() => second.includes('caught up'));
    expect(heard).toEqual([]);
  });

  it('is silent while muted, though reads go on, and brings all of it afterwards', async () => {
    const { heard } = follow();
    await until(() => heard.includes('caught up'));
    node.muteSubscriptions();
    for (let index = 0; index < 200; index += 1) node.write('ours', { type: 'X' });
    let read = 0;
    for await (const { event } of client.readStream('ours', { direction: FORWARDS, credentials })) {
      if (event) read += 1;
    }
    expect(read).toBe(200);
    expect(heard).toEqual(['confirmation', 'caught up']);
    node.muteSubscriptions(false);
    await until(() => heard.length === 202);
    expect(node.subscriptions).toBe(1);
  });

  it('breaks with its connection, and the same client subscribes anew', async () => {
    const { heard } = follow();
    await until(() => heard.includes('caught up'));
    node.resetConnections();
    await until(() => heard.length === 3);
    expect(heard[2]).toBe(`error ${status.UNAVAILABLE}`);
    const { heard: second } = follow();
    await until(() => second.includes('caught up'));
  });

  it('brings JSON that is none as a string', async () => {
    const data = Buffer.from('{"broken":');
    node.write('ours', { type: 'Broken', contentType: 'application/json', data });
    const events = client.readStream('ours', { direction: FORWARDS, credentials });
    for await (const { event } of events) expect(event).toMatchObject({ isJson: true, data: '{"broken":' });
    expect(stored()).toBe(1);
  });
});

describe('a node in trouble', () => {
  it('is back on the same port with its data after a restart', async () => {
    await append();
    const restarted = node.restart(50);
    await expect(append('second')).rejects.toMatchObject({ code: status.UNAVAILABLE });
    await restarted;
    await append('third');
    expect([stored(), stored('second'), stored('third')]).toEqual([1, 0, 1]);
  });

  it('frozen takes connections and answers nothing; thawed it goes on', async () => {
    await append();
    node.freeze();
    await expect(append('second', crypto.randomUUID(), 200)).rejects.toMatchObject({ type: 'deadline-exceeded' });
    const newcomer = connect(node.port, node.host);
    await once(newcomer, 'connect');
    newcomer.destroy();
    expect(stored('second')).toBe(0);
    node.thaw();
    await append('third');
    expect(stored('third')).toBe(1);
  });

  it('refuses new connections and keeps those it has', async () => {
    await append();
    node.refuse();
    await append('second');
    await expect(once(connect(node.port, node.host), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await node.accept();
    await append('third');
    expect([stored('second'), stored('third')]).toEqual([1, 1]);
  });

  it('cut back has lost its last events and gives their positions again', async () => {
    const [first, second] = node.write('ours', { type: 'X' }, { type: 'X' });
    node.cutBack(1);
    expect(node.store.stream('ours')).toEqual([first]);
    const [third] = node.write('ours', { type: 'X' });
    expect(third).toMatchObject({ revision: 1, commit: second?.commit });
    expect(third?.id).not.toBe(second?.id);
  });

  it('with a new log holds nothing of the old one', async () => {
    const id = crypto.randomUUID();
    await append('ours', id);
    node.replaceLog();
    expect(node.store.records).toEqual([]);
    await expect(append('ours', id)).rejects.toMatchObject({ code: status.UNAVAILABLE });
    expect((await append('ours', id)).nextExpectedRevision).toBe(0n);
  });

  it('writes events of its own among the others, if so wished', async () => {
    const busy = await startEsdbNode({ systemEventEvery: 10 });
    for (let index = 0; index < 30; index += 1) busy.write('ours', { type: 'X' });
    expect(busy.store.stream('$stats-node')).toHaveLength(3);
    await busy.stop();
  });
});
