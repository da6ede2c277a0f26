import type { Connection } from '../src/eventstoredb/reader.js';
import { EventStoreTail } from '../src/eventstoredb/tail.js';

/** A connection whose calls end only when the test says so. */
const stalledConnection = () => {
  const calls: { fail(error: Error): void }[] = [];
  const run = (): Promise<never> => new Promise((_, reject) => calls.push({ fail: reject }));
  return { connection: { run } as Pick<Connection, 'run'> as Connection, calls };
};

describe('The tail of the log', () => {
  it('fails for all who ask while a read that fails is under way, without another read', async () => {
    const { connection, calls } = stalledConnection();
    const tail = new EventStoreTail({ connection, streams: /^thing$/, silenceMs: 1_000 });
    const asked = Promise.allSettled([tail.read(), tail.read(), tail.read()]);
    calls[0]?.fail(new Error('silence'));
    const reasons = (await asked).map((settled) => (settled.status === 'rejected' ? String(settled.reason) : 'an end'));
    expect(reasons).toEqual(Array.from({ length: 3 }, () => 'Error: silence'));
    expect(calls).toHaveLength(1);
    const again = tail.read();
    calls[1]?.fail(new Error('once more'));
    await expect(again).rejects.toThrow('once more');
  });
});
