import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { status } from '@grpc/grpc-js';
import { startEsdbNode, type EsdbNode } from '../src/index.js';
import { ProtocolClient, type Proposed } from './esdb-protocol.js';

const ids = new Map<string, string>();
const event = (name: string, more: Proposed = {}): Proposed => {
  const id = ids.get(name) ?? crypto.randomUUID();
  ids.set(name, id);
  return { id, ...more };
};
const events = (...names: string[]): Proposed[] => names.map((name) => event(name));

let node: EsdbNode;
let client: ProtocolClient;
beforeAll(async () => {
  node = await startEsdbNode();
  client = new ProtocolClient(node);
});
afterAll(async () => {
  client.close();
  await node.stop();
});

/** What became of it: `ok <revision>`, `no stream`, `conflict at <revision>`, or the failure. */
const append = async (...args: Parameters<ProtocolClient['append']>): Promise<unknown> => {
  const answer = await client.append(...args);
  if ('code' in answer) return answer;
  if (answer.success?.noStream) return 'no stream';
  if (answer.success) return `ok ${answer.success.currentRevision}`;
  const conflict = answer.wrongExpectedVersion;
  return conflict?.currentNoStream ? 'conflict without a stream' : `conflict at ${conflict?.currentRevision}`;
};
const position = async (...args: Parameters<ProtocolClient['append']>): Promise<unknown> => {
  const answer = await client.append(...args);
  return 'code' in answer ? answer : answer.success?.position;
};

describe('an append to the node', () => {
  it('is decided by the expected revision', async () => {
    expect(await append('a', 'no-stream', events('a0'))).toBe('ok 0');
    expect(await append('a', 0, events('a1', 'a2', 'a3'))).toBe('ok 3');
    expect(await append('a', 0, events('x'))).toBe('conflict at 3');
    expect(await append('a', 9, events('x'))).toBe('conflict at 3');
    expect(await append('a', 'no-stream', events('x'))).toBe('conflict at 3');
    expect(await append('none', 3, events('x'))).toBe('conflict without a stream');
    expect(await append('none', 'exists', events('x'))).toBe('conflict without a stream');
    expect(await append('a', 'any', events('a4'))).toBe('ok 4');
    expect(await append('a', 'exists', events('a5'))).toBe('ok 5');
  });

  it('answers a conflict in the fields for older clients, too', async () => {
    await append('older', 'no-stream', events('o0', 'o1'));
    expect(await client.append('older', 'no-stream', events('x'))).toMatchObject({
      wrongExpectedVersion: {
        currentRevision2060: 1,
        currentRevision: '1',
        expectedRevision2060: 18_446_744_073_709_552_000,
        expectedNoStream: {},
      },
    });
    expect(await client.append('none', 'exists', events('x'))).toMatchObject({
      wrongExpectedVersion: { noStream2060: {}, currentNoStream: {}, streamExists2060: {}, expectedStreamExists: {} },
    });
  });

  it('is recognised by its ids, however much came since and whatever data it has', async () => {
    const first = await position('again', 'no-stream', events('g0'));
    const batch = await position('again', 0, events('g1', 'g2', 'g3'));
    const part = await position('again', 0, events('g1', 'g2'));
    await append('again', 3, events('g4'));
    expect(await position('again', 0, events('g1', 'g2', 'g3'))).toEqual(batch);
    expect(await position('again', 0, [event('g1', { data: 'other' }), ...events('g2', 'g3')])).toEqual(batch);
    expect(await position('again', 'no-stream', events('g0'))).toEqual(first);
    expect(await position('again', 0, events('g1', 'g2'))).toEqual(part);
    expect(Number((part as { commitPosition: string }).commitPosition)).toBeLessThan(
      Number((batch as { commitPosition: string }).commitPosition),
    );
  });

  it('with some known ids and some new ones is a conflict', async () => {
    await append('mixed', 'no-stream', events('m0', 'm1', 'm2'));
    expect(await append('mixed', 0, events('m1', 'm2', 'new'))).toBe('conflict at 2');
    expect(await append('mixed', 1, events('m2', 'new'))).toBe('conflict at 2');
  });

  it('stores a known id again at a new revision, in another stream and twice in one batch', async () => {
    await append('twice', 'no-stream', events('t0'));
    expect(await append('twice', 0, events('t0'))).toBe('ok 1');
    expect(await append('elsewhere', 'no-stream', events('t0'))).toBe('ok 0');
    expect(await append('in-one', 'no-stream', events('t1', 't1'))).toBe('ok 1');
  });

  it('without an exact revision is recognised, too', async () => {
    const first = await position('loose', 'any', events('l0'));
    expect(await position('loose', 'any', events('l0'))).toEqual(first);
    expect(await append('loose', 'exists', events('l0'))).toBe('ok 0');
  });

  it('of no events takes a place in the log and nothing else', async () => {
    expect(await append('empty', 'no-stream', [])).toBe('no stream');
    await append('filled', 'no-stream', events('f0'));
    const before = await position('filled', 0, []);
    expect(await position('filled', 0, [])).not.toEqual(before);
    expect(await append('filled', 7, [])).toBe('conflict at 0');
  });

  it('is refused without an expectation, a type, a content type', async () => {
    const properties = {
      exception: 'missing-required-metadata-property',
      'required-metadata-properties': 'type,content-type',
    };
    expect(await append('bad', 'nothing', events('x'))).toEqual({
      code: status.INVALID_ARGUMENT,
      details:
        "'None' is not a valid EventStore.Client.Streams.AppendReq+Types+Options+ExpectedStreamRevisionOneofCase",
      metadata: {},
    });
    expect(await append('bad', 'any', [event('x', { type: undefined })])).toEqual({
      code: status.INVALID_ARGUMENT,
      details: "Required Metadata Property 'type' is missing",
      metadata: properties,
    });
    expect(await append('bad', 'any', [event('x', { contentType: undefined })])).toEqual({
      code: status.INVALID_ARGUMENT,
      details: "Required Metadata Property 'content-type' is missing",
      metadata: properties,
    });
  });

  it('with an empty type, no id, no UUID or no stream makes the handler throw', async () => {
    const thrown = { code: status.UNKNOWN, details: 'Exception was thrown by handler.', metadata: {} };
    expect(await append('bad', 'any', [event('x', { type: '' })])).toEqual(thrown);
    expect(await append('bad', 'any', [{}])).toEqual(thrown);
    expect(await append('bad', 'any', [{ id: 'no-uuid' }])).toEqual(thrown);
    expect(await append('', 'any', events('x'))).toEqual(thrown);
    expect(await append(null, 'any', events('x'))).toEqual(thrown);
  });

  it('that is cancelled before its end stores nothing of what had come', async () => {
    await client.append('whole', 'any', events('w0'));
    await client.abandonAppend('abandoned', events('w1', 'w2'));
    // Behind the cancellation, on the same connection.
    await client.append('whole', 0, events('w3'));
    expect(node.store.stream('abandoned')).toEqual([]);
    expect(node.store.stream('whole')).toHaveLength(2);
  });

  it('may hold 1 MiB of data, however much metadata, and no byte more', async () => {
    const exactly = 'x'.repeat(1_048_576);
    const tooLarge = {
      code: status.INVALID_ARGUMENT,
      details: 'Maximum Append Size of 1048576 Exceeded.',
      metadata: { exception: 'maximum-append-size-exceeded', 'maximum-append-size': '1048576' },
    };
    expect(await append('big', 'no-stream', [event('b0', { data: exactly })])).toBe('ok 0');
    expect(await append('big', 0, [event('b1', { data: `${exactly}x` })])).toEqual(tooLarge);
    const half = { data: 'x'.repeat(600_000) };
    expect(await append('big', 0, [event('b2', half), event('b3', half)])).toEqual(tooLarge);
    expect(await append('big', 0, [event('b4', { metadata: `${exactly}x` })])).toBe('ok 1');
  });
});

it('says that it can append in batches, as the server does, but only counts and refuses such a call', async () => {
  const { methodsList } = await client.supportedMethods();
  expect(methodsList).toContainEqual({
    serviceName: 'event_store.client.streams.streams',
    methodName: 'batchappend',
    featuresList: ['deadline_duration'],
  });
  const before = node.calls.batchAppend;
  await expect(client.batchAppend()).rejects.toMatchObject({ code: 12, details: 'Not a part of this node' });
  expect(node.calls.batchAppend).toBe(before + 1);
});
