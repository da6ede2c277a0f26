import { randomUUID } from 'node:crypto';
import type { AppendOutcome, NewEvent } from '@keyledger/event-log';
import { FollowerPositions } from '@keyledger/read-models';
import { openPool } from '@keyledger/postgres';
import { TcpProxy } from '@keyledger/testing';
import { Metrics, parseConfig, Readiness } from '@keyledger/edge';
import { Logger } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { setTimeout as sleep } from 'node:timers/promises';
import { IndexFollower } from '../src/index-follower.js';
import { Installation } from './installation.js';

let installation: Installation;
let proxy: TcpProxy;
/** What is told beside the level `log`, too. */
let lines: [level: string, line: string][];
let close: (() => Promise<void>)[];

beforeEach(async () => {
  lines = [];
  const note = (level: string) => (line: unknown) => void lines.push([level, String(line)]);
  Logger.overrideLogger({ log: note('log'), warn: note('warn'), error: note('error') });
  installation = await Installation.open();
  proxy = await TcpProxy.before(installation.url);
  close = [() => proxy.close(), () => installation.close()];
});

afterEach(async () => {
  for (const closeOne of close.splice(0)) await closeOne();
  Logger.overrideLogger(false);
});

/** Whose lease goes to the database by the proxy, and whose log does not. */
const start = async () => {
  const pool = openPool(proxy.url);
  const metrics = new Metrics();
  const readiness = new Readiness(new PinoLogger({ pinoHttp: { level: 'silent' } }), metrics);
  const follower = await IndexFollower.start({
    config: parseConfig({ KEYLEDGER_STREAM_PREFIX: Installation.config.streamPrefix }),
    ...{ log: installation.log, pool: installation.pool, readiness, metrics },
    ...{
      positions: new FollowerPositions(pool, installation.log, 'followers'),
      schema: installation.projection.schema,
    },
  });
  close.unshift(
    () => follower.onApplicationShutdown(),
    () => pool.end(),
  );
  const health = async () => (await readiness.checks()[0]?.())?.['verifier'];
  return { follower, health };
};

const anEvent = (): NewEvent => {
  const nothing = Buffer.from('{}');
  return { id: randomUUID(), type: 'Unheard', data: nothing, metadata: nothing };
};

const appended = async (appending: Promise<AppendOutcome>): Promise<readonly string[]> => {
  const outcome = await appending;
  if (outcome.kind !== 'ok') throw new Error(`The append was answered with ${outcome.kind}.`);
  return outcome.positions;
};

const eventually = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await sleep(5);
};

it('tells the name that receipts have for it, in a line and in the health of the process', async () => {
  const { health } = await start();
  await eventually(() => lines.some(([, line]) => line.startsWith('The verifier is live as ')));
  const [seen] = await new FollowerPositions(installation.pool, installation.log, 'followers').verifiersAt(
    await installation.log.head(),
  );
  expect(seen?.verifierId).toMatch(/^[0-9a-f-]{36}$/);
  expect(lines).toContainEqual(['log', `The verifier is live as ${seen?.verifierId}.`]);
  expect(await health()).toMatchObject({ status: 'up', verifierId: seen?.verifierId });
});

it('says once that its lease is not renewed, and once that it is again', async () => {
  await start();
  const told = () => lines.filter(([, line]) => line.startsWith('The lease')).map(([level]) => level);
  proxy.behaviour = 'refusing';
  proxy.cut();
  await eventually(() => proxy.refused >= 5);
  proxy.behaviour = 'open';
  await eventually(() => told().length > 1);
  expect(told()).toEqual(['warn', 'log']);
});

it('says nothing of what it knew once the log has lost its last event, and nobody waits for it', async () => {
  const { follower, health } = await start();
  const { log, pool } = installation;
  const positions = new FollowerPositions(pool, log, 'followers');
  const prefix = Installation.config.streamPrefix;
  const before = await log.head();
  await installation.append(`${prefix}account-lost`, anEvent(), anEvent());
  const reported = async () => (await positions.verifiersAt(before))[0];
  await eventually(async () => (await reported())?.position === (await log.head()));
  expect(await reported()).toMatchObject({ guaranteed: true });

  await pool.query(`delete from "${prefix}event_log".events where type = 'Unheard'`);
  const [position = ''] = await appended(log.append(`${prefix}account-new`, -1, [anEvent()]));
  // Its number stands behind what was reported.
  for (const { guaranteed } of await positions.verifiersAt(position)) expect(guaranteed).toBe(false);
  expect((await positions.waitForVerifiers(position)).length).toBe(0);
  expect([follower.index, follower.holdsLease(), follower.ageMs()]).toEqual([undefined, false, Infinity]);
  expect(await health()).toMatchObject({ status: 'down', state: 'stopped' });
  const [, line] = lines.findLast(([level]) => level === 'error') ?? [];
  expect(line).toMatch(/^Stopped, for a person to look at: The event log was replaced/);
});
