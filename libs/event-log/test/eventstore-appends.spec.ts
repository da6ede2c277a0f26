import { firstEvent, forwardingTimeout, startEsdbNode, type CallFault, type EsdbNode } from '@keyledger/testing';
import { randomUUID } from 'node:crypto';
import {
  LogReplaced,
  NO_STREAM,
  StreamWriter,
  openEventStoreEventLog,
  type EventLog,
  type NewEvent,
} from '../src/index.js';
import { anEvent, answers, appendSurely, positionsOf, readAll, someEvents, until, untilCaughtUp } from './events.js';
import { add, churn, tallyRules } from './tally.js';

const DEADLINE_MS = 400;

// A rejection that nobody handles fails the test during which it comes.
describe('Appends to EventStoreDB, when things go wrong', () => {
  let node: EsdbNode;
  let log: EventLog;
  let stream: string;

  const open = (on: EsdbNode = node, deadlineMs = DEADLINE_MS): Promise<EventLog> =>
    openEventStoreEventLog({ firstEvent, url: on.url, streams: 'thing-.+', deadlineMs });

  beforeEach(async () => {
    node = await startEsdbNode();
    log = await open();
    stream = `thing-${randomUUID()}`;
    // The first append of a connection looks whether the log is the one that was opened. Faults are for what follows.
    await appendSurely(log, `thing-${randomUUID()}`, NO_STREAM, [anEvent()]);
  });

  afterEach(async () => {
    node.thaw();
    await log.close();
    expect(node.calls.batchAppend).toBe(0);
    await node.stop();
  });

  const stored = (): string[] => node.store.stream(stream).map(({ id }) => id);
  const idsOf = (events: readonly NewEvent[]): string[] => events.map(({ id }) => id);

  it.each<[string, CallFault]>([
    ['is never answered', { answer: 'silence' }],
    ['is stored and never answered', { answer: 'silence', written: true }],
    ['is answered too late', { delayMs: 2 * DEADLINE_MS }],
    ['is stored and then answered ABORTED', { answer: forwardingTimeout(), written: true }],
    ['is answered ABORTED without being stored', { answer: forwardingTimeout() }],
    ['is stored, and the connection is reset', { answer: 'reset', written: true }],
    ['is lost with its connection', { answer: 'reset' }],
  ])('does not know the outcome of one that %s, and learns it by the identical append', async (_, fault) => {
    const events = someEvents(3);
    node.fail('append', fault);
    expect(await log.append(stream, NO_STREAM, events)).toMatchObject({ kind: 'unknown' });
    const positions = await appendSurely(log, stream, NO_STREAM, events);
    expect(stored()).toEqual(idsOf(events));
    expect((await readAll(log, stream)).map(({ position }) => position)).toEqual(positions);
  });

  it('stores nothing in a log that came in the place of the one that was opened, or in none', async () => {
    await log.append(stream, NO_STREAM, [anEvent()]);
    node.replaceLog();
    node.resetConnections();
    const outcomes = [await log.append(stream, NO_STREAM, [anEvent()]), await log.append(stream, 0, [anEvent()])];
    expect(outcomes.map(({ kind }) => kind)).not.toContain('ok');
    await until(async () => (await log.append(stream, NO_STREAM, [anEvent()])).kind === 'unavailable');
    const other = await open();
    const isRefused = (): Promise<boolean> =>
      log.append(stream, NO_STREAM, [anEvent()]).then(
        () => false,
        (error: unknown) => error instanceof LogReplaced,
      );
    await until(isRefused);
    expect(stored()).toEqual([]);
    await other.close();
  });

  it('settles all by their deadlines while the server is frozen, and goes on afterwards', async () => {
    await log.append(stream, NO_STREAM, [anEvent()]);
    node.freeze();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, index) => log.append(`${stream}-${index}`, NO_STREAM, [anEvent()])),
    );
    expect(outcomes.every(({ kind }) => kind === 'unknown')).toBe(true);
    // By now the connection is given up: what cannot be sent is not in doubt.
    expect((await log.append(stream, 0, [anEvent()])).kind).toMatch(/^un(known|available)$/);
    await expect(log.ping()).rejects.toThrow('The event log cannot be read');
    node.thaw();
    const goesOn = async (): Promise<boolean> =>
      (await log.append(stream, 0, [anEvent('Last')])).kind !== 'unavailable';
    while (!(await goesOn())); // Its first attempts can still meet what the frozen server has to work off.
    await expect(log.ping()).resolves.toBeUndefined();
  });

  it('knows that nothing was stored while nobody listens, and finds the server when it is back', async () => {
    node.kill();
    await until(async () => !(await answers(log)));
    expect(await log.append(stream, NO_STREAM, [anEvent()])).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringMatching(/nothing listens there/) as string,
    });
    await node.accept();
    await until(() => answers(log));
    expect(await log.append(stream, NO_STREAM, [anEvent()])).toMatchObject({ kind: 'ok' });
    expect(stored()).toHaveLength(1);
  });

  it('does not answer ok before it has the positions that are wanted', async () => {
    const events = someEvents(2);
    node.fail('read', { answer: 'silence' });
    expect(await log.append(stream, NO_STREAM, events, 'each')).toMatchObject({ kind: 'unknown' });
    expect(positionsOf(await log.append(stream, NO_STREAM, events, 'each'))).toHaveLength(2);
  });

  it('reads nothing where the position of the last event is enough', async () => {
    const readsBefore = node.calls.read;
    const [position] = positionsOf(await log.append(stream, NO_STREAM, someEvents(20)));
    expect(node.calls.read).toBe(readsBefore);
    expect((await readAll(log, stream)).at(-1)?.position).toBe(position);
  });

  it('answers several commands each with the position of its own event, and reads nothing for one alone', async () => {
    const writer = new StreamWriter(tallyRules(log));
    await writer.submit(stream, add('first'));
    const readsBefore = node.calls.read;
    await writer.submit(stream, churn(3));
    expect(node.calls.read).toBe(readsBefore);
    const results = await Promise.all([writer.submit(stream, add('second')), writer.submit(stream, add('third'))]);
    const written = (await readAll(log, stream)).slice(-2);
    expect(results.map(({ position }) => position)).toEqual(written.map(({ position }) => position));
    await writer.close();
  });

  it('finds out positions that the server leaves out, whether commit and prepare are equal or not', async () => {
    for (const options of [{ streamPositions: false }, { commitGap: 7 }, { streamPositions: false, commitGap: 7 }]) {
      const other = await startEsdbNode(options);
      const onOther = await open(other, 5_000);
      const events = someEvents(3);
      const [last] = positionsOf(await onOther.append(stream, NO_STREAM, events));
      const positions = positionsOf(await onOther.append(stream, NO_STREAM, events, 'each'));
      const [, ...followed] = await untilCaughtUp(onOther.follow(null, new AbortController().signal));
      expect(followed.map(({ position }) => position)).toEqual(positions);
      expect(await readAll(onOther, stream)).toEqual(followed);
      expect(positions.at(-1)).toBe(last);
      expect(await onOther.head()).toBe(last);
      await onOther.close();
      await other.stop();
    }
  });

  it('waits for appends under way when it is closed, and none of them is lost from sight', async () => {
    node.fail('append', { answer: 'silence' });
    const silent = log.append(stream, NO_STREAM, [anEvent()]);
    node.fail('append', { delayMs: DEADLINE_MS / 4 }, 3);
    const late = [1, 2, 3].map((index) => log.append(`${stream}-${index}`, NO_STREAM, [anEvent()]));
    await log.close();
    expect(await silent).toMatchObject({ kind: 'unknown' });
    expect((await Promise.all(late)).every(({ kind }) => kind === 'ok')).toBe(true);
  });

  it('closes no connection under an append, though others find it broken', async () => {
    node.fail('append', { delayMs: DEADLINE_MS / 4 }, 5);
    const late = [1, 2, 3, 4, 5].map((index) => log.append(`${stream}-${index}`, NO_STREAM, [anEvent()]));
    node.fail('read', { answer: 'silence' }, 2);
    await expect(Promise.all([log.ping(), log.ping()])).rejects.toThrow('no answer'); // Two of these give it up.
    expect((await Promise.all(late)).every(({ kind }) => kind === 'ok')).toBe(true);
    expect(await log.append(stream, NO_STREAM, [anEvent()])).toMatchObject({ kind: 'ok' });
  });

  it('takes no stream that followers would not see', async () => {
    await expect(log.append('other-1', NO_STREAM, [anEvent()])).rejects.toThrow(RangeError);
    await expect(log.append('login-1', NO_STREAM, [anEvent()])).rejects.toThrow(RangeError);
    await expect(log.append(`${stream}\n`, NO_STREAM, [anEvent()])).rejects.toThrow(RangeError);
  });

  it('lets a writer see that the log was cut back below what it had acknowledged', async () => {
    const writer = new StreamWriter(tallyRules(log));
    await writer.submit(stream, add('a'));
    await writer.submit(stream, add('b'));
    node.store.cutBack(1);
    const outcome = writer.submit(stream, add('c')).catch((error: unknown) => error);
    expect(await outcome).toBeInstanceOf(LogReplaced);
    expect(stored()).toHaveLength(1);
  });

  it('reads what is malformed, and refuses what is truncated', async () => {
    node.write(stream, { type: 'Broken', contentType: 'application/json', data: Buffer.from('{"half":') });
    node.write(stream, { type: 'Foreign', contentType: 'application/json', data: Buffer.from('{"a": [1]}') });
    const texts = (await readAll(log, stream)).map(({ data }) => Buffer.from(data).toString());
    expect(texts).toEqual(['{"half":', '{"a":[1]}']);
    node.store.scavenge(({ type }) => type === 'Broken');
    await expect(readAll(log, stream)).rejects.toThrow(`The event log is damaged: ${stream} lacks revision 0`);
  });
});
