import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { status } from '@grpc/grpc-js';
import { startEsdbNode, type EsdbNode } from '../src/index.js';
import { ProtocolClient, type Message, type Position, type Query } from './esdb-protocol.js';

let node: EsdbNode;
let client: ProtocolClient;
let positions: Position[];
beforeAll(async () => {
  node = await startEsdbNode({ systemEventEvery: 3 });
  client = new ProtocolClient(node);
  // Eight events of ours among others.
  positions = Array.from({ length: 8 }, () => {
    node.write('other', { type: 'Other' });
    const [record] = node.write('ours', {
      type: 'Ours',
      data: Buffer.from('{"a":1}'),
      contentType: 'application/json',
    });
    return [record?.commit ?? 0, record?.prepare ?? 0] as const;
  });
});
afterAll(async () => {
  client.close();
  await node.stop();
});

const summary = (messages: readonly Message[]): unknown[] =>
  messages.map((message) => {
    if (message.kind === 'event') return message.event.revision;
    if ('revision' in message) return `${message.kind} ${message.revision}`;
    return message.kind;
  });
const read = async (query: Query): Promise<unknown> => {
  const { messages, failure } = await client.read(query);
  return failure ?? summary(messages);
};
const unknown = (details: string): unknown => ({ code: status.UNKNOWN, details, metadata: {} });

describe('a read of a stream', () => {
  it('begins inclusive and runs forwards or backwards', async () => {
    expect(await read({ stream: 'ours' })).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(await read({ stream: 'ours', from: 3, count: 2 })).toEqual([3, 4]);
    expect(await read({ stream: 'ours', from: 2, backwards: true, count: 2 })).toEqual([2, 1]);
    expect(await read({ stream: 'ours', from: 'end', backwards: true, count: 1 })).toEqual([7]);
  });

  it('finds nothing behind the end, and says so of a stream that does not exist', async () => {
    expect(await read({ stream: 'ours', from: 8 })).toEqual([]);
    expect(await read({ stream: 'ours', from: 80 })).toEqual([]);
    expect(await read({ stream: 'none' })).toEqual(['streamNotFound']);
  });

  it('fails without a count and forwards from the end', async () => {
    expect(await read({ stream: 'ours', count: 0 })).toEqual(unknown('Unexpected ReadStreamResult: Error'));
    expect(await read({ stream: 'ours', from: 'end' })).toEqual(unknown('Unexpected ReadStreamResult: Error'));
  });

  it('says where the stream ends to those who ask', async () => {
    expect(await read({ stream: 'ours', count: 2, compatibility: 1 })).toEqual([0, 1, 'lastStreamPosition 7']);
    expect(await read({ stream: 'ours', from: 80, compatibility: 1 })).toEqual([
      'firstStreamPosition 8',
      'lastStreamPosition 7',
    ]);
  });

  it('brings an event with all that belongs to it', async () => {
    const { messages } = await client.read({ stream: 'ours', from: 1, count: 1 });
    const [commit] = positions[1] ?? [];
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatchObject({
      raw: {
        event: {
          commitPosition: String(commit),
          event: {
            streamRevision: '1',
            commitPosition: String(commit),
            preparePosition: String(commit),
            metadataMap: [
              ['content-type', 'application/json'],
              ['created', expect.stringMatching(/^\d{17}$/)],
              ['type', 'Ours'],
            ],
            data: Buffer.from('{"a":1}').toString('base64'),
          },
        },
      },
    });
  });
});

describe('a read of $all', () => {
  const ours = { regex: '^ours$' };

  it('is filtered by regex, by prefix or by type', async () => {
    expect(await read({ ...ours, count: 3 })).toEqual([0, 1, 2]);
    expect(await read({ prefix: 'our', count: 3, window: 1 })).toEqual([0, 1, 2]);
    expect(await read({ eventTypeRegex: '^Ours$', count: 3 })).toEqual([0, 1, 2]);
  });

  it('begins inclusive forwards and exclusive backwards', async () => {
    const from = positions[2] ?? 'end';
    expect(await read({ ...ours, from, count: 2 })).toEqual([2, 3]);
    expect(await read({ ...ours, from, backwards: true, count: 2 })).toEqual([1, 0]);
    expect(await read({ ...ours, from: 'end', backwards: true, count: 2 })).toEqual([7, 6]);
    expect(await read({ from, count: 1 })).toEqual([2]);
  });

  it('fails from a position that no event has', async () => {
    const from = (positions[2] ?? []).map((at) => at + 1) as [number, number];
    expect(await read({ ...ours, from })).toEqual(unknown('Unexpected FilteredReadAllResult: Error'));
    expect(await read({ from })).toEqual(unknown('Unexpected ReadAllResult: Error'));
  });

  it('fails where prepare lies behind commit, and finds nothing behind the end', async () => {
    const [commit = 0] = positions[2] ?? [];
    expect(await read({ ...ours, from: [commit, commit + 7] })).toEqual(unknown('Exception was thrown by handler.'));
    expect(await read({ ...ours, from: [9_000_000_000_000, 9_000_000_000_000] })).toEqual([]);
  });

  it('holds events of others and of the server, but not those that the server hides', async () => {
    const { messages } = await client.read({ count: 1000 });
    const streams = messages.map((message) => (message.kind === 'event' ? message.event.stream : message.kind));
    expect(new Set(streams)).toEqual(new Set(['ours', 'other', '$stats-node']));
    expect(node.store.records.filter((record) => record.hidden).length).toBeGreaterThan(0);
  });
});

describe('a node with other options', () => {
  it('gives commit positions behind the prepare positions, and both find the event', async () => {
    const other = await startEsdbNode({ commitGap: 40 });
    const protocol = new ProtocolClient(other);
    const records = other.write('s', { type: 'First' }, { type: 'Second' });
    const { messages } = await protocol.read({ stream: 's' });
    const found = messages.map((message) => (message.kind === 'event' ? message.event.position : null));
    expect(found).toEqual(records.map(({ commit, prepare }) => [commit, prepare]));
    expect(found.every((position) => position && position[0] === position[1] + 40)).toBe(true);
    expect((await protocol.read({ from: found[1] ?? 'end' })).messages).toMatchObject([{ event: { revision: 1 } }]);
    protocol.close();
    await other.stop();
  });

  it('leaves positions out of what is read from a stream, and only there', async () => {
    const other = await startEsdbNode({ streamPositions: false });
    const protocol = new ProtocolClient(other);
    other.write('s', { type: 'Only' });
    const { messages } = await protocol.read({ stream: 's' });
    expect(messages).toMatchObject([{ raw: { event: { noPosition: {} } } }]);
    const all = await protocol.read({ regex: '^s$' });
    expect(all.messages).toMatchObject([{ raw: { event: { commitPosition: expect.stringMatching(/^\d+$/) } } }]);
    protocol.close();
    await other.stop();
  });
});
