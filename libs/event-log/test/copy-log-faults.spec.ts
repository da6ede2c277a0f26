import { TcpProxy } from '@keyledger/testing';
import pg from 'pg';
import { NO_STREAM, copyLog, type EventLog } from '../src/index.js';
import { anEvent, randomFrom, readAll } from './events.js';
import { newPrefix, openStore, type Engine, type LogStore } from './log-stores.js';
import { RandomLog } from './random-log.js';
import { watched } from './tally.js';

const seed = Number(process.env['KEYLEDGER_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const directions: readonly (readonly [from: Engine, to: Engine])[] = [
  ['PostgreSQL', 'PostgreSQL'],
  ['PostgreSQL', 'our node'],
  ['our node', 'PostgreSQL'],
];

/** One log in a store, reached by a proxy. */
interface Reached {
  readonly log: EventLog;
  readonly proxy: TcpProxy;
}

const reach = async (store: LogStore, prefix: string): Promise<Reached> => {
  const proxy = await TcpProxy.before(store.url);
  return { proxy, log: await store.open(prefix, { url: proxy.url, deadlineMs: 500 }) };
};

const leave = async ({ log, proxy }: Reached): Promise<void> => {
  proxy.cut();
  await log.close();
  await proxy.close();
};

describe.each(directions)(`copying a log from %s to %s, with faults (KEYLEDGER_TEST_SEED=${seed})`, (...engines) => {
  let stores: readonly LogStore[];
  let source: Reached;
  let target: Reached;
  let randomLog: RandomLog;

  beforeEach(async () => {
    stores = await Promise.all(engines.map(openStore));
    const prefix = newPrefix();
    const [from, to] = await Promise.all(stores.map((store) => reach(store, prefix)));
    if (from === undefined || to === undefined) throw new Error('Two logs were to be opened.');
    [source, target] = [from, to];
    randomLog = new RandomLog({ random: randomFrom(seed), streamPrefix: prefix });
    await randomLog.write(source.log, 20);
  });

  afterEach(async () => {
    await leave(source);
    await leave(target);
    for (const store of stores) await store.drop();
  });

  it('lives through lost replies and connections on both sides', async () => {
    await randomLog.write(source.log, 380);
    const proxies = [source.proxy, target.proxy];
    const troubles: string[] = [];
    let steps = 0;
    const report = await copyLog(source.log, target.log, {
      signal: new AbortController().signal,
      onProgress: () => {
        steps += 1;
        if (steps % 20 === 5) for (const proxy of proxies) proxy.cut();
        if (steps % 20 === 15) for (const proxy of proxies) proxy.behaviour = 'no-replies';
      },
      onTrouble: (line) => {
        troubles.push(line);
        for (const proxy of proxies) {
          proxy.behaviour = 'open';
          proxy.cut();
        }
      },
    });
    expect(report).toMatchObject({ copied: 400, equal: true });
    expect(troubles.some((line) => line.includes('(unknown)'))).toBe(true);
  });

  it.each(['source', 'target'] as const)('gives up when the %s stays away', async (side) => {
    const { proxy } = side === 'source' ? source : target;
    proxy.behaviour = 'refusing';
    proxy.cut();
    const patience = { signal: new AbortController().signal, patienceMs: 300 };
    await expect(copyLog(source.log, target.log, patience)).rejects.toThrow(
      `Gave up after 300 ms without the ${side}: `,
    );
  });

  it('gives up when nothing can be written', async () => {
    const patience = { signal: new AbortController().signal, patienceMs: 300 };
    const unwritable = watched(target.log, async () => ({ kind: 'storage-full', reason: 'a test' }));
    await expect(copyLog(source.log, unwritable, patience)).rejects.toThrow(
      'Gave up after 300 ms without the target: a test',
    );
  });
});

describe('a PostgreSQL log with the constraint that the guide to the copy names', () => {
  it('takes nothing until the constraint is dropped', async () => {
    const store = await openStore('PostgreSQL');
    const log = await store.open('');
    const client = new pg.Client({ connectionString: store.url });
    await client.connect();
    await log.append('early', NO_STREAM, [anEvent()]);
    await client.query('alter table event_log.events add constraint moved check (false) not valid');
    expect(await log.append('late', NO_STREAM, [anEvent()])).toMatchObject({ kind: 'unavailable' });
    expect(await readAll(log, 'early')).toHaveLength(1);
    await client.query('alter table event_log.events drop constraint moved');
    expect(await log.append('late', NO_STREAM, [anEvent()])).toMatchObject({ kind: 'ok' });
    await client.end();
    await log.close();
    await store.drop();
  });
});
