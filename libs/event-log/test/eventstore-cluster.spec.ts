import { startEsdbCluster, type EsdbCluster } from '@keyledger/testing';
import { randomUUID } from 'node:crypto';
import { NO_STREAM, StreamWriter, openEventStoreEventLog, type EventLog, type FollowItem } from '../src/index.js';
import { anEvent, followUntil, readAll, until, untilCaughtUp } from './events.js';
import { add, churn, tallyRules } from './tally.js';

// A rejection that nobody handles fails the test during which it comes.
describe('A cluster of EventStoreDB', () => {
  let cluster: EsdbCluster;
  let log: EventLog;

  beforeEach(async () => {
    cluster = await startEsdbCluster();
    log = await openEventStoreEventLog({ url: cluster.url, streams: 'thing-.+', deadlineMs: 2_000 });
  });

  afterEach(async () => {
    for (const node of cluster.nodes) node.thaw();
    await log.close();
    expect(cluster.nodes.map(({ calls }) => calls.batchAppend)).toEqual([0, 0, 0]);
    await cluster.stop();
  });

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

  it('is read and followed on its leader, though the follower that is asked first is silent', async () => {
    const [follower] = cluster.followers;
    if (follower === undefined) throw new Error('The cluster has no follower.');
    follower.freeze();
    const hosts = [follower, ...cluster.nodes].map(({ host, port }) => `${host}:${port}`).join(',');
    const other = await openEventStoreEventLog({
      url: `esdb://${hosts}?tls=false&gossipTimeout=1`,
      streams: 'thing-.+',
    });
    expect(await other.append(`thing-${randomUUID()}`, NO_STREAM, [anEvent()])).toMatchObject({ kind: 'ok' });
    expect(await untilCaughtUp(other.follow(null, new AbortController().signal))).toHaveLength(2);
    await other.close();
  });
});
