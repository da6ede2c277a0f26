import { setTimeout as delay } from 'node:timers/promises';
import { LogReplaced, LogUnavailable } from '@keyledger/event-log';
import { prepareTables, type Projection } from '@keyledger/read-models';
import { Logger } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Metrics } from '../src/observing/metrics.js';
import type { FollowerRunner } from '../src/following/follower-runner.js';
import { followInto } from '../src/following/projection-providers.js';
import { Readiness } from '../src/observing/readiness.js';
import { Grounds, tally } from './tally.js';

const WAIT_MS = 20_000;

Logger.overrideLogger(false);

const eventually = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await delay(10);
};

describe('a projection', () => {
  let grounds: Grounds;
  const running: FollowerRunner[] = [];

  beforeEach(async () => {
    grounds = await Grounds.open();
  });

  afterEach(async () => {
    for (const runner of running.splice(0)) await runner.onApplicationShutdown();
    await grounds.close();
  });

  const start = async (projection: Projection = tally, log = grounds.log) => {
    const metrics = new Metrics();
    const readiness = new Readiness(new PinoLogger({ pinoHttp: { level: 'silent' } }), metrics);
    const { pool } = grounds;
    const runner = await followInto(projection, pool, { log, readiness, metrics });
    running.push(runner);
    const probe = async () => (await readiness.checks()[0]?.())?.['tally'];
    return { runner, probe, metrics };
  };

  it('is there as soon as it has started, and follows the log', async () => {
    await grounds.append('a', 3);
    const { runner, probe, metrics } = await start();
    expect(await grounds.counts()).toBeDefined();
    const position = await grounds.append('b');
    expect(await runner.waitForPosition(position, WAIT_MS)).toBe(true);
    expect(await grounds.counts()).toEqual({ log: 1, a: 3, b: 1 });
    expect(await runner.checkpoint()).toBe(position);
    expect(await probe()).toMatchObject({ status: 'up', state: 'live', position });
    expect((await probe())?.['ageMs']).toBeLessThan(WAIT_MS);
    const figures = await metrics.registry.metrics();
    expect(figures).toMatch(/^keyledger_tally_failing 0$/m);
    expect(figures).toMatch(/^keyledger_tally_state{state="live"} 1$/m);
    expect(figures).toMatch(/^keyledger_tally_state{state="standby"} 0$/m);
    expect(figures).toMatch(/^keyledger_part_up{part="tally"} 1$/m);
    expect(figures).toMatch(/^keyledger_tally_age_seconds [\d.]+/m);
  });

  it('stops at an event that it cannot read, and says where', async () => {
    const { runner, probe, metrics } = await start();
    const good = await grounds.append('a');
    await runner.waitForPosition(good, WAIT_MS);
    const bad = await grounds.append('a', 1, 'Poison');
    expect(await runner.waitForPosition(bad, 200)).toBe(false);
    expect(await probe()).toMatchObject({ status: 'down', state: 'stopped', position: good });
    expect((await probe())?.['reason']).toContain(bad);
    expect(await metrics.registry.metrics()).toMatch(/^keyledger_tally_failing 1$/m);
  });

  it.each([
    ['asks for a person', 1],
    ['asks for nobody while its process stops', 0],
  ])('that stops %s', async (_, lines) => {
    const errors: unknown[] = [];
    Logger.overrideLogger({ log: () => undefined, warn: () => undefined, error: (line) => errors.push(line) });
    const { runner, probe } = await start();
    if (lines === 0) runner.beforeApplicationShutdown();
    await grounds.append('a', 1, 'Poison');
    await eventually(async () => (await probe())?.['state'] === 'stopped');
    Logger.overrideLogger(false);
    expect(errors).toHaveLength(lines);
  });

  it.each([
    ['of another log', `${'0'.repeat(32)}-0000000000000001`],
    ['of a log that has lost events since', undefined],
  ])('that is %s starts, refuses to be read, and says how to make it anew', async (_, position) => {
    const first = await start();
    await first.runner.waitForPosition(await grounds.append('a'), WAIT_MS);
    await first.runner.onApplicationShutdown();
    const lost = position ?? `${grounds.log.logId}-00000000000000ff`;
    await grounds.pool.query('update tally.checkpoint set position = $1', [lost]);
    const { runner, probe } = await start();
    await eventually(async () => (await probe())?.['state'] === 'stopped');
    expect(await probe()).toMatchObject({ status: 'down', position: lost });
    expect((await probe())?.['reason']).toContain('npm run rebuild -- tally');
    for (const read of [runner.checkpoint(), runner.waitForPosition(lost, WAIT_MS)]) {
      await expect(read).rejects.toThrow(LogReplaced);
      await expect(read).rejects.toThrow('npm run rebuild -- tally');
    }
  });

  it('is down while the log does not answer, and says so', async () => {
    const { log } = grounds;
    let isAway = false;
    const head = () => (isAway ? Promise.reject(new LogUnavailable('gone')) : log.head());
    const { runner, probe } = await start(tally, { ...log, head });
    await runner.waitForPosition(await grounds.append('a'), WAIT_MS);
    isAway = true;
    expect(await probe()).toMatchObject({ status: 'down', state: 'live', reason: 'the log does not answer' });
  });

  it('stands before all events while it contains none', async () => {
    const { runner } = await start({ ...tally, apply: () => Promise.reject(new Error('unreadable')) });
    const position = await runner.checkpoint();
    expect(position).toBe(`${grounds.log.logId}-${'0'.repeat(16)}`);
    expect(position < (await grounds.log.head())).toBe(true);
  });

  it('of another version is made anew from the log', async () => {
    const first = await start();
    await first.runner.waitForPosition(await grounds.append('a', 5), WAIT_MS);
    await first.runner.onApplicationShutdown();
    const ddl = (schema: string) => `${tally.ddl(schema)}; alter table ${schema}.counts add extra int default 7`;
    const { runner } = await start({ ...tally, version: 2, ddl });
    expect(await runner.waitForPosition(await grounds.append('a'), WAIT_MS)).toBe(true);
    const { rows } = await grounds.pool.query(`select * from tally.counts where stream_id = 'a'`);
    expect(rows).toEqual([{ stream_id: 'a', events: '6', extra: 7 }]);
  });

  it('keeps its tables over a restart of the same version', async () => {
    const first = await start();
    await first.runner.waitForPosition(await grounds.append('a', 5), WAIT_MS);
    await first.runner.onApplicationShutdown();
    await grounds.pool.query(`insert into tally.counts values ('a mark', 1)`);
    await start();
    expect(await grounds.counts()).toMatchObject({ 'a mark': 1 });
  });

  it('is made once when several processes start together', async () => {
    await Promise.all(Array.from({ length: 5 }, () => prepareTables(grounds.pool, tally)));
    expect(await grounds.counts()).toEqual({});
  });

  it('is written by one instance, ready in all, and taken over when that one ends', async () => {
    const one = await start();
    await one.runner.waitForPosition(await grounds.append('a'), WAIT_MS);
    const other = await start();
    const position = await grounds.append('a');
    expect(await other.runner.waitForPosition(position, WAIT_MS)).toBe(true);
    expect(await other.runner.checkpoint()).toBe(position);
    expect(await other.probe()).toMatchObject({ status: 'up', state: 'standby', position });
    expect((await other.probe())?.['ageMs']).toBeLessThan(WAIT_MS);
    await one.runner.onApplicationShutdown();
    expect(await other.runner.waitForPosition(await grounds.append('a'), WAIT_MS)).toBe(true);
    expect(await grounds.counts()).toEqual({ log: 1, a: 3 });
  });
});
