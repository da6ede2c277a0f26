import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { binaryEvent, EventStoreDBClient, NO_STREAM, type AppendResult } from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import { startEsdbCluster, type EsdbCluster } from '../src/index.js';
import { ProtocolClient } from './esdb-protocol.js';

const credentials = { username: 'any', password: 'any' };
const event = (): { id: string } => ({ id: crypto.randomUUID() });
const requiresLeader = { 'requires-leader': 'true' };

let cluster: EsdbCluster;
beforeEach(async () => {
  cluster = await startEsdbCluster({ electionMs: Infinity, forwardingMs: 20 });
});
afterEach(() => cluster.stop());

const withFollower = async <T>(use: (protocol: ProtocolClient) => Promise<T>): Promise<T> => {
  const [follower] = cluster.followers;
  if (!follower) throw new Error('No follower');
  const protocol = new ProtocolClient(follower);
  try {
    return await use(protocol);
  } finally {
    protocol.close();
  }
};

describe('a cluster of nodes', () => {
  it('has one log: what one node takes, the others have', async () => {
    await withFollower((protocol) => protocol.append('ours', 'no-stream', [event()]));
    expect(cluster.nodes.map((node) => node.store.stream('ours').length)).toEqual([1, 1, 1]);
  });

  it('tells who leads', async () => {
    const members = await withFollower((protocol) => protocol.members());
    expect(members.map(({ state, isAlive }) => [state, isAlive])).toEqual([
      [8, true],
      [6, true],
      [6, true],
    ]);
    const refused = await withFollower((protocol) => protocol.append('ours', 'any', [event()], requiresLeader));
    expect(refused).toMatchObject({ metadata: { 'leader-endpoint-port': String(cluster.leader?.port) } });
  });

  it('moves the client to the leader once a follower has named it', async () => {
    const [, follower] = cluster.nodes;
    const client = EventStoreDBClient.connectionString(follower?.url ?? '');
    const append = (): Promise<AppendResult> =>
      client.appendToStream('ours', binaryEvent({ type: 'X', data: Buffer.of(1) }), {
        expectedRevision: NO_STREAM,
        requiresLeader: true,
        credentials,
      });
    await expect(append()).rejects.toMatchObject({ type: 'not-leader' });
    expect((await append()).success).toBe(true);
    await client.dispose();
  });

  it('lets the client find the leader by itself', async () => {
    const client = EventStoreDBClient.connectionString(cluster.url);
    await client.appendToStream('ours', binaryEvent({ type: 'X', data: Buffer.of(1) }), { credentials });
    expect(cluster.leader?.calls.append).toBe(1);
    await client.dispose();
  });

  it('has no leader between the end of one and the election of the next', async () => {
    const killed = cluster.killLeader();
    await withFollower(async (protocol) => {
      expect(await protocol.append('ours', 'any', [event()], requiresLeader)).toMatchObject({
        metadata: { 'leader-endpoint-port': String(killed.port) },
      });
      const unanswered = await protocol.append('ours', 'any', [event()]);
      expect(unanswered).toEqual({
        code: status.ABORTED,
        details: 'Operation timed out: Forwarding timeout',
        metadata: {},
      });
      cluster.notice();
      expect(await protocol.append('ours', 'any', [event()], requiresLeader)).toEqual({
        code: status.UNKNOWN,
        details: 'No leader info available in response',
        metadata: {},
      });
    });
    expect(cluster.leader).toBeNull();
    cluster.elect();
    expect(cluster.leader).not.toBe(killed);
    const written = await withFollower((protocol) => protocol.append('ours', 'any', [event()]));
    expect(written).toMatchObject({ success: { currentRevision: '0' } });
    await cluster.bringBack(killed);
    expect(cluster.followers).toContain(killed);
  });

  it('elects another leader while the old one is frozen, which then follows', async () => {
    const frozen = cluster.freezeLeader();
    expect(cluster.leader).toBeNull();
    cluster.elect();
    expect(cluster.leader).not.toBe(frozen);
    await cluster.bringBack(frozen);
    const protocol = new ProtocolClient(frozen);
    expect(await protocol.append('ours', 'any', [event()], requiresLeader)).toMatchObject({ code: status.NOT_FOUND });
    protocol.close();
  });

  it('elects by itself after a while', async () => {
    const other = await startEsdbCluster({ electionMs: 20 });
    const killed = other.killLeader();
    while (other.leader === null) await new Promise((resolve) => setTimeout(resolve, 2));
    expect(other.leader).not.toBe(killed);
    await other.stop();
  });

  it('goes on serving subscriptions of a leader that resigns', async () => {
    const protocol = new ProtocolClient(cluster.leader ?? { host: '', port: 0 });
    const subscription = protocol.subscribe({ regex: '^ours$' });
    await subscription.caughtUp();
    const resigned = cluster.resignLeader();
    expect(cluster.leader).toBeNull();
    cluster.elect();
    expect(cluster.leader).not.toBe(resigned);
    expect(cluster.followers).toContain(resigned);
    cluster.leader?.write('ours', { type: 'X' });
    await subscription.until(() => subscription.events.length === 1);
    protocol.close();
  });
});
