import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { binaryEvent, EventStoreDBClient } from '@eventstore/db-client';
import { credentials, status } from '@grpc/grpc-js';
import { startEsdbNode, type EsdbNode } from '../src/index.js';
import { basic, ProtocolClient } from './esdb-protocol.js';

const event = (): { id: string } => ({ id: crypto.randomUUID() });
const unauthenticated = { code: status.UNAUTHENTICATED, details: 'Unauthenticated', metadata: {} };
const accessDenied = {
  code: status.PERMISSION_DENIED,
  details: 'Access Denied',
  metadata: { exception: 'access-denied' },
};

describe('a node with TLS and a password', () => {
  const password = crypto.randomUUID();
  const admin = { username: 'admin', password };
  let dir: string;
  let node: EsdbNode;
  let protocol: ProtocolClient;
  let client: EventStoreDBClient;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'keyledger-tls-'));
    node = await startEsdbNode({ host: 'localhost', tls: { dir }, password });
    protocol = new ProtocolClient(node, credentials.createSsl(await readFile(join(dir, 'ca.crt'))));
    client = EventStoreDBClient.connectionString(node.url);
  });
  afterAll(async () => {
    await client.dispose();
    protocol.close();
    await node.stop();
    await rm(dir, { recursive: true });
  });

  it('lets the right password in', async () => {
    const answer = await protocol.append('ours', 'no-stream', [event()], basic('admin', password));
    expect(answer).toMatchObject({ success: { currentRevision: '0' } });
  });

  it('tells no credentials from wrong ones', async () => {
    expect(await protocol.append('ours', 'any', [event()])).toEqual(accessDenied);
    expect((await protocol.read({ stream: 'ours' })).failure).toEqual(accessDenied);
    expect((await protocol.read({})).failure).toEqual(accessDenied);
    expect(await protocol.append('ours', 'any', [event()], basic('admin', 'wrong'))).toEqual(unauthenticated);
    expect((await protocol.read({}, basic('nobody', 'wrong'))).failure).toEqual(unauthenticated);
    expect(await protocol.subscribe({}, basic('admin', 'wrong')).ended).toEqual(unauthenticated);
  });

  it('tells anyone what it can do and who its members are', async () => {
    expect((await protocol.supportedMethods()).eventStoreServerVersion).toBe('23.10.6');
    expect(await protocol.members()).toMatchObject([{ state: 8, isAlive: true, httpEndPoint: { port: node.port } }]);
  });

  it('lets a user read $all from the moment that an administrator grants it', async () => {
    node.addUser('reader', 'sesame');
    const reader = basic('reader', 'sesame');
    expect(await protocol.append('theirs', 'any', [event()], reader)).toMatchObject({ success: {} });
    expect((await protocol.read({}, reader)).failure).toEqual(accessDenied);
    expect(await protocol.subscribe({}, reader).ended).toEqual(accessDenied);
    const acl = { readRoles: ['$admins', 'reader'] };
    await client.setStreamMetadata('$all', { acl }, { credentials: admin });
    expect((await protocol.read({}, reader)).failure).toBeUndefined();
    expect(await client.getStreamMetadata('$all', { credentials: admin })).toMatchObject({ metadata: { acl } });
  });

  it("keeps a user away from the server's own streams", async () => {
    node.addUser('curious', 'sesame');
    const user = basic('curious', 'sesame');
    expect(await protocol.append('$$$all', 'any', [event()], user)).toEqual(accessDenied);
    expect((await protocol.read({ stream: '$$$all' }, user)).failure).toEqual(accessDenied);
  });

  it('answers the client that has another authority, or none, as recorded', async () => {
    const append = (url: string): Promise<unknown> =>
      withClient(url, (other) =>
        other.appendToStream('ours', binaryEvent({ type: 'X', data: Buffer.of(1) }), { credentials: admin }),
      );
    const address = `${node.host}:${node.port}`;
    await expect(append(`esdb://${address}?tls=true`)).rejects.toMatchObject({ code: status.UNAVAILABLE });
    await expect(append(`esdb://${address}?tls=false`)).rejects.toMatchObject({ code: status.UNAVAILABLE });
    const plain = await startEsdbNode();
    await expect(append(`esdb://localhost:${plain.port}?tls=true`)).rejects.toMatchObject({
      code: status.UNAVAILABLE,
      message: expect.stringContaining('wrong version number'),
    });
    await plain.stop();
  });
});

const withClient = async <T>(url: string, use: (client: EventStoreDBClient) => Promise<T>): Promise<T> => {
  const client = EventStoreDBClient.connectionString(url);
  try {
    return await use(client);
  } finally {
    await client.dispose();
  }
};

describe('a node without TLS', () => {
  it('asks nobody for credentials and ignores those it gets', async () => {
    const node = await startEsdbNode();
    const protocol = new ProtocolClient(node);
    for (const headers of [{}, { authorization: '' }, basic('admin', 'wrong')]) {
      expect(await protocol.append('ours', 'any', [event()], headers)).toMatchObject({ success: {} });
      expect((await protocol.read({}, headers)).failure).toBeUndefined();
    }
    protocol.close();
    await node.stop();
  });
});

describe('a follower', () => {
  it('names the leader to calls that ask for it, and answers the others', async () => {
    const node = await startEsdbNode({ followerOf: { host: 'leader.invalid', port: 2113 } });
    const protocol = new ProtocolClient(node);
    const headers = { 'requires-leader': 'true' };
    const notLeader = {
      code: status.NOT_FOUND,
      details: 'Leader info available',
      metadata: {
        exception: 'not-leader',
        'leader-endpoint-host': 'leader.invalid',
        'leader-endpoint-port': '2113',
      },
    };
    expect(await protocol.append('ours', 'no-stream', [event()], headers)).toEqual(notLeader);
    expect((await protocol.read({ stream: 'ours' }, headers)).failure).toEqual(notLeader);
    expect((await protocol.read({}, headers)).failure).toEqual(notLeader);
    expect(await protocol.subscribe({}, headers).ended).toEqual(notLeader);
    expect(await protocol.append('ours', 'no-stream', [event()])).toMatchObject({ success: { currentRevision: '0' } });
    expect((await protocol.read({ stream: 'ours' })).messages).toHaveLength(1);
    expect((await protocol.members()).map(({ state }) => state)).toEqual([6, 8]);
    protocol.close();
    await node.stop();
  });
});
