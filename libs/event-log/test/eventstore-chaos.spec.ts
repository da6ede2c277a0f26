import { firstEvent, ServerError, forwardingTimeout, startEsdbNode, type EsdbNode } from '@keyledger/testing';
import { NO_STREAM, openEventStoreEventLog, type EventLog } from '../src/index.js';
import { anEvent, followUntil, randomFrom, until } from './events.js';

const PROCESSES = 3;
const WRITERS_PER_PROCESS = 5;
const APPENDS_PER_WRITER = 40;
const INTERNAL = 13;

const seed = Number(process.env['KEYLEDGER_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const sleepMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

// A rejection that nobody handles fails the test during which it comes.
describe(`EventStoreDB event log with ${PROCESSES * WRITERS_PER_PROCESS} writers (KEYLEDGER_TEST_SEED=${seed})`, () => {
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  let node: EsdbNode;
  let logs: EventLog[];

  beforeAll(async () => {
    node = await startEsdbNode();
    const open = (): Promise<EventLog> =>
      openEventStoreEventLog({ firstEvent, url: node.url, streams: 'thing-.+', deadlineMs: 1_000 });
    logs = await Promise.all(Array.from({ length: PROCESSES }, open));
  });

  afterAll(async () => {
    await Promise.all(logs.map((log) => log.close()));
    expect(node.calls.batchAppend).toBe(0);
    await node.stop();
  });

  /** Each append is repeated until it is certain that its events are stored. */
  const write = async (log: EventLog, stream: string): Promise<string[]> => {
    const ids: string[] = [];
    for (let count = 0; count < APPENDS_PER_WRITER; count += 1) {
      const events = Array.from({ length: 1 + below(4) }, () => anEvent());
      for (;;) {
        const outcome = await log.append(stream, ids.length === 0 ? NO_STREAM : ids.length - 1, events);
        if (outcome.kind === 'ok') break;
        if (outcome.kind === 'conflict') throw new Error(`${stream} has only one writer, yet its appends conflict.`);
        await sleepMs(5);
      }
      ids.push(...events.map(({ id }) => id));
      if (below(3) === 0) await sleepMs(below(8));
    }
    return ids;
  };

  const disturbances: readonly (() => unknown)[] = [
    () => node.endSubscriptions(),
    () => node.muteSubscriptions(),
    () => node.dropAtCaughtUp(2),
    () => node.resetConnections(),
    () => node.restart(below(100)),
    () => node.fail('append', { answer: forwardingTimeout(), written: true }, 3),
    () => node.fail('append', { answer: forwardingTimeout() }, 3),
    () => node.fail('append', { answer: 'reset', written: true, delayMs: below(20) }),
    () => node.fail('read', { answer: 'reset' }),
    () => node.fail('subscribe', { answer: new ServerError(INTERNAL, 'test') }, 2),
    () => node.write('other', ...Array.from({ length: 200 }, () => ({ type: 'Others' }))),
    () => node.store.scavenge(({ streamId }) => /^(other|\$)/.test(streamId)),
  ];

  const disturb = async (done: AbortSignal): Promise<number> => {
    let count = 0;
    while (!done.aborted) {
      await disturbances[below(disturbances.length)]?.();
      count += 1;
      await sleepMs(20 + below(80));
    }
    node.clearFaults();
    return count;
  };

  it('loses, doubles and reorders no event', async () => {
    const [written, stop] = [new AbortController(), new AbortController()];
    const followed = logs.map((): string[] => []);
    const following = logs.map((log, index) =>
      followUntil(log.follow(null, stop.signal), (_, item) => {
        if (item.kind === 'events') followed[index]?.push(...item.events.map(({ id }) => id));
        return false;
      }),
    );
    const disturbed = disturb(written.signal);
    const streams = Array.from({ length: PROCESSES * WRITERS_PER_PROCESS }, (_, index) => `thing-${index}`);
    const stored = await Promise.all(
      streams.map((stream, index) => write(logs[index % PROCESSES] ?? logs[0]!, stream)),
    );
    written.abort();
    const disturbances = await disturbed;
    expect(streams.map((stream) => node.store.stream(stream).map(({ id }) => id))).toEqual(stored);
    const ours = node.store.records.filter(({ streamId }) => /^(thing-|log$)/.test(streamId)).map(({ id }) => id);
    await until(() => followed.every((ids) => ids.includes(ours.at(-1) ?? '')));
    for (const ids of followed) expect(ids).toEqual(ours);
    stop.abort();
    await Promise.all(following);
    console.log(
      `${ours.length} events, ${disturbances} disturbances, ${node.calls.subscribe} subscriptions, seed ${seed}`,
    );
  });
});
