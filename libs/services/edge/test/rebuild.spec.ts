import { setTimeout as delay } from 'node:timers/promises';
import { prepareTables, rebuildProjection } from '@keyledger/read-models';
import { Logger } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Metrics } from '../src/observing/metrics.js';
import type { FollowerRunner } from '../src/following/follower-runner.js';
import { followInto } from '../src/following/projection-providers.js';
import { Readiness } from '../src/observing/readiness.js';
import { Grounds, tally } from './tally.js';

const WAIT_MS = 20_000;

Logger.overrideLogger(false);

describe('a rebuild', () => {
  let grounds: Grounds;
  let live: FollowerRunner | undefined;

  beforeEach(async () => {
    grounds = await Grounds.open();
  });

  afterEach(async () => {
    await live?.onApplicationShutdown();
    live = undefined;
    await grounds.close();
  });

  const rebuild = () => rebuildProjection(tally, grounds.log, grounds.pool);

  const startLive = async (): Promise<FollowerRunner> => {
    const metrics = new Metrics();
    const readiness = new Readiness(new PinoLogger({ pinoHttp: { level: 'silent' } }), metrics);
    const { log, pool } = grounds;
    live = await followInto(tally, pool, { log, readiness, metrics });
    return live;
  };

  /** Does `work` over and over until `done`, and tells how often. */
  const until = async (done: Promise<unknown>, work: () => Promise<unknown>): Promise<number> => {
    let ended = false;
    let count = 0;
    const mark = (): void => {
      ended = true;
    };
    void done.then(mark, mark);
    for (; !ended; count += 1) await work();
    return count;
  };

  it('takes the place of the live tables while they are written and read', async () => {
    const runner = await startLive();
    for (const stream of ['a', 'b', 'c']) await runner.waitForPosition(await grounds.append(stream, 900), WAIT_MS);
    const rebuilt = rebuild();
    const [writes, reads] = await Promise.all([
      until(rebuilt, () => grounds.append('busy')),
      until(rebuilt, async () => expect(Object.keys(await grounds.counts()).length).toBeGreaterThan(0)),
    ]);
    const report = await rebuilt;
    expect(report).toMatchObject({ equal: true, rebuiltHash: report.liveHash });
    expect(Math.min(writes, reads)).toBeGreaterThan(0);
    expect(await runner.waitForPosition(await grounds.append('busy'), WAIT_MS)).toBe(true);
    expect(await grounds.counts()).toEqual({ log: 1, a: 900, b: 900, c: 900, busy: writes + 1 });
    expect(await grounds.schemas()).toEqual(['tally']);
  });

  it('finds the same again and again', async () => {
    const runner = await startLive();
    await runner.waitForPosition(await grounds.append('a', 10), WAIT_MS);
    const [first, second] = [await rebuild(), await rebuild()];
    expect(second).toEqual(first);
    expect(first.position).toBe(await grounds.log.head());
  });

  it('takes the place of tables that are not what the log says, and keeps those aside', async () => {
    const runner = await startLive();
    await runner.waitForPosition(await grounds.append('a', 10), WAIT_MS);
    await grounds.pool.query(`update tally.counts set events = 11 where stream_id = 'a'`);
    const report = await rebuild();
    expect(report.equal).toBe(false);
    expect(report.rebuiltHash).not.toBe(report.liveHash);
    expect(await grounds.counts()).toMatchObject({ a: 10 });
    expect(await grounds.counts('tally_replaced')).toMatchObject({ a: 11 });
    expect(await runner.waitForPosition(await grounds.append('a'), WAIT_MS)).toBe(true);
    expect(await rebuild()).toMatchObject({ equal: true });
    expect(await grounds.schemas()).toEqual(['tally']);
  });

  it('makes tables where there are none, or only those of another version', async () => {
    await grounds.append('a', 3);
    expect(await rebuild()).toMatchObject({ liveHash: null, equal: null, position: await grounds.log.head() });
    await grounds.pool.query('update tally.checkpoint set projection_version = 0; delete from tally.counts');
    expect(await rebuild()).toMatchObject({ liveHash: null, equal: null });
    expect(await grounds.counts()).toEqual({ log: 1, a: 3 });
  });

  it('starts over after one that was broken off', async () => {
    await grounds.append('a', 3);
    await prepareTables(grounds.pool, { ...tally, schema: 'tally_rebuild' });
    await grounds.pool.query(`insert into tally_rebuild.counts values ('a', 99); create schema tally_replaced`);
    await rebuild();
    expect(await grounds.counts()).toEqual({ log: 1, a: 3 });
    expect(await grounds.schemas()).toEqual(['tally']);
  });

  it.each([
    ['another log', `${'0'.repeat(32)}-0000000000000001`],
    ['events that the log has lost', undefined],
  ])('is the way out where the live tables have %s', async (_, position) => {
    const runner = await startLive();
    await runner.waitForPosition(await grounds.append('a', 3), WAIT_MS);
    await runner.onApplicationShutdown();
    const lost = position ?? `${grounds.log.logId}-00000000000000ff`;
    await grounds.pool.query('update tally.checkpoint set position = $1', [lost]);
    await grounds.pool.query(`insert into tally.counts values ('of the other log', 1)`);
    const head = await grounds.log.head();
    expect(await rebuild()).toMatchObject({ liveHash: null, equal: null, logReplaced: true, position: head });
    expect(await grounds.counts()).toEqual({ log: 1, a: 3 });
    expect(await grounds.counts('tally_replaced')).toMatchObject({ 'of the other log': 1 });
    const next = await startLive();
    expect(await next.waitForPosition(await grounds.append('a'), WAIT_MS)).toBe(true);
    expect(await grounds.counts()).toEqual({ log: 1, a: 4 });
    expect(await rebuild()).toMatchObject({ equal: true, logReplaced: false });
    expect(await grounds.schemas()).toEqual(['tally']);
  });

  it('is safe from a follower that still writes what another log says', async () => {
    const other = await Grounds.open();
    const metrics = new Metrics();
    const readiness = new Readiness(new PinoLogger({ pinoHttp: { level: 'silent' } }), metrics);
    live = await followInto(tally, grounds.pool, { log: other.log, readiness, metrics });
    await live.waitForPosition(await other.append('elsewhere', 5), WAIT_MS);
    await grounds.append('a', 3);
    expect(await rebuild()).toMatchObject({ liveHash: null, position: await grounds.log.head() });
    await other.append('elsewhere');
    const probe = async () => (await readiness.checks()[0]?.())?.['tally'];
    while ((await probe())?.['state'] !== 'stopped') await delay(10);
    expect(await grounds.counts()).toEqual({ log: 1, a: 3 });
    await live.onApplicationShutdown();
    live = undefined;
    await other.close();
  });
});
