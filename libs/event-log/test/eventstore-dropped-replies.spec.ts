import { firstEvent, forwardingTimeout, startEsdbNode, type CallFault, type EsdbNode } from '@keyledger/testing';
import { randomUUID } from 'node:crypto';
import { LogUnavailable, OutcomeUnknown, StreamWriter, openEventStoreEventLog, type EventLog } from '../src/index.js';
import { followUntil, randomFrom, until } from './events.js';
import { churn, tallyRules, type Tally, type Word } from './tally.js';

const REPLIES = Number(process.env['KEYLEDGER_TEST_DROPPED_REPLIES'] ?? 50);
const seed = Number(process.env['KEYLEDGER_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

const STREAMS = 8;
const DEADLINE_MS = 1_000;

/** Ways to lose the reply of an append; most of them after it was stored. */
const faults: readonly CallFault[] = [
  { answer: 'reset', written: true },
  { answer: 'reset' },
  { answer: 'reset', written: true, delayMs: 20 },
  { answer: forwardingTimeout(), written: true },
  { answer: forwardingTimeout() },
  { answer: 'silence', written: true },
  { delayMs: 1.2 * DEADLINE_MS },
];

describe('Commands on EventStoreDB whose replies are lost', () => {
  let node: EsdbNode;
  let log: EventLog;

  beforeAll(async () => {
    node = await startEsdbNode();
    log = await openEventStoreEventLog({ firstEvent, url: node.url, streams: 'tally-.+', deadlineMs: DEADLINE_MS });
  });

  afterAll(async () => {
    await log.close();
    await node.stop();
  });

  /** Repeats the command with its id, as a client does that was told that the outcome is unknown, or nothing stored. */
  const submit = async (writer: StreamWriter<Tally, Word, string>, stream: string) => {
    const commandId = randomUUID();
    for (let attempts = 1; ; attempts += 1) {
      try {
        const { revision } = await writer.submit(stream, churn(1, { commandId, retriedFrom: -1 }));
        return { stream, revision, attempts };
      } catch (error) {
        if (!(error instanceof OutcomeUnknown || error instanceof LogUnavailable)) throw error;
      }
    }
  };

  it(
    `stores one event for each of ${REPLIES}, and delivers it once (KEYLEDGER_TEST_SEED=${seed})`,
    async () => {
      const random = randomFrom(seed);
      const followed: string[] = [];
      const stop = new AbortController();
      const following = followUntil(log.follow(null, stop.signal), (_, item) => {
        if (item.kind === 'events')
          followed.push(...item.events.map(({ streamId, revision }) => `${revision}@${streamId}`));
        return false;
      });
      const appendsBefore = node.calls.append;
      const results: { stream: string; revision: number; attempts: number }[] = [];
      while (results.length < REPLIES) {
        const lost = Math.min(STREAMS, REPLIES - results.length);
        for (let index = 0; index < lost; index += 1) {
          node.fail('append', faults[Math.floor(random() * faults.length)] ?? {});
        }
        // Both write to the same streams, and neither knows of the other.
        const writers = [1, 2].map(() => new StreamWriter(tallyRules(log), { deadlineMs: 3 * DEADLINE_MS }));
        const commands = Array.from({ length: lost }, (_, index) => {
          const writer = writers[index % 2];
          if (writer === undefined) throw new Error('There are two writers.');
          return submit(writer, `tally-${Math.floor(random() * STREAMS)}`);
        });
        results.push(...(await Promise.all(commands)));
        node.clearFaults();
      }
      const answered = results.map(({ stream, revision }) => `${revision}@${stream}`).sort();
      const stored = node.store.records.flatMap(({ streamId, revision }) =>
        streamId.startsWith('tally-') ? [`${revision}@${streamId}`] : [],
      );
      expect(answered).toEqual([...stored].sort());
      expect(stored).toHaveLength(REPLIES);
      await until(() => followed.includes(stored.at(-1) ?? ''));
      expect(followed.slice(1)).toEqual(stored);
      expect(node.calls.batchAppend).toBe(0);
      stop.abort();
      await following;
      const appends = node.calls.append - appendsBefore;
      console.log(`${REPLIES} replies lost: ${stored.length} events, ${appends} appends sent, seed ${seed}`);
    },
    REPLIES * 1_000 + 60_000,
  );
});
