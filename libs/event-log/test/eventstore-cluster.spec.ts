import {
  firstEvent,
  startEsdbCluster,
  startEsdbNode,
  type EsdbCluster,
  type EsdbNode,
  type EsdbNodeOptions,
} from '@keyledger/testing';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  LogUnavailable,
  NO_STREAM,
  StreamWriter,
  openEventStoreEventLog,
  type EventLog,
  type FollowItem,
} from '../src/index.js';
import { anEvent, followUntil, readAll, until, untilCaughtUp } from './events.js';
import { add, churn, tallyRules } from './tally.js';

// A rejection that nobody handles fails the test during which it comes.
describe('A cluster of EventStoreDB', () => {
  let cluster: EsdbCluster;
  let log: EventLog;
  /** Nodes that are none of the cluster. */
  let others: EsdbNode[];

  beforeEach(async () => {
    others = [];
    cluster = await startEsdbCluster();
    log = await openEventStoreEventLog({ firstEvent, url: cluster.url, streams: 'thing-.+', deadlineMs: 2_000 });
  });

  afterEach(async () => {
    for (const node of cluster.nodes) node.thaw();
    await log.close();
    expect(cluster.nodes.map(({ calls }) => calls.batchAppend)).toEqual([0, 0, 0]);
    await Promise.all([cluster, ...others].map((started) => started.stop()));
  });

  const startOther = async (options: EsdbNodeOptions): Promise<EsdbNode> => {
    const other = await startEsdbNode(options);
    others.push(other);
    return other;
  };

  it.each<[string, () => unknown]>([
    ['is killed', () => cluster.killLeader()],
    ['freezes', () => cluster.freezeLeader()],
    ['resigns', () => cluster.resignLeader()],
  ])('loses and doubles nothing when its leader %s', async (_, lose) => {
    const writer = new StreamWriter(tallyRules(log), { deadlineMs: 20_000 });
    const stream = `thing-${randomUUID()}`;
    const ids: string[] = [];
    const stop = new AbortController();
    const following = followUntil(log.follow(null, stop.signal), (_events, item: FollowItem) => {
      if (item.kind === 'events') ids.push(...item.events.map(({ id }) => id));
      return false;
    });
    await writer.submit(stream, add('before'));
    for (let round = 0; round < 2; round += 1) {
      await until(() => cluster.leader !== null);
      const lost = lose() as EsdbCluster['nodes'][number];
      // A refusal says that nothing was stored; a command without an answer is repeated with its id until it has one.
      const commandId = randomUUID();
      const submit = (): Promise<boolean> =>
        writer.submit(stream, churn(2, { commandId, retriedFrom: -1 })).then(
          () => true,
          () => false,
        );
      await until(submit);
      await cluster.bringBack(lost);
    }
    const stored = await readAll(log, stream);
    expect(stored).toHaveLength(5);
    await until(() => ids.includes(stored.at(-1)?.id ?? ''));
    expect(ids.slice(1)).toEqual(stored.map(({ id }) => id));
    stop.abort();
    await following;
  });

  const hostsOf = (...nodes: readonly EsdbNode[]): string => nodes.map(({ host, port }) => `${host}:${port}`).join(',');

  it('is reached by another host, if a follower names a leader that is not there', async () => {
    const { leader } = cluster;
    if (leader === null) throw new Error('The cluster has no leader.');
    const lost = await startOther({ followerOf: { host: '127.0.0.1', port: 1 } });
    const url = `esdb://${hostsOf(lost, lost, leader)}?tls=false`;
    const other = await openEventStoreEventLog({ firstEvent, url, streams: 'thing-.+' });
    expect(other.logId).toBe(log.logId);
    await other.close();
    const opening = openEventStoreEventLog({ firstEvent, url: lost.url, streams: 'thing-.+' });
    await expect(opening).rejects.toThrow(/its leader is at 127\.0\.0\.1:1: nothing listens there/);
    await expect(opening).rejects.toBeInstanceOf(LogUnavailable);
  });

  it('is not refused for good, if a follower names a leader that speaks no TLS', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'keyledger-tls-'));
    const leader = await startOther({ tls: { dir } });
    const lost = await startOther({ tls: { dir }, followerOf: cluster.nodes[0] });
    const url = `${lost.url.replace(/\/\/[^?/]*/, `//${hostsOf(lost, leader)}`)}`;
    await (await openEventStoreEventLog({ firstEvent, url, streams: 'thing-.+' })).close();
    await expect(openEventStoreEventLog({ firstEvent, url: lost.url, streams: 'thing-.+' })).rejects.toBeInstanceOf(
      LogUnavailable,
    );
    await rm(dir, { recursive: true });
  });

  it('is read and followed on its leader, though the follower that is asked first is silent', async () => {
    const [follower] = cluster.followers;
    if (follower === undefined) throw new Error('The cluster has no follower.');
    follower.freeze();
    const other = await openEventStoreEventLog({
      firstEvent,
      url: `esdb://${hostsOf(follower, ...cluster.nodes)}?tls=false&gossipTimeout=1`,
      streams: 'thing-.+',
    });
    expect(await other.append(`thing-${randomUUID()}`, NO_STREAM, [anEvent()])).toMatchObject({ kind: 'ok' });
    expect(await untilCaughtUp(other.follow(null, new AbortController().signal))).toHaveLength(2);
    await other.close();
  });
});
