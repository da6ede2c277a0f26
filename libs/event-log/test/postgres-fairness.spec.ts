import { createDatabase, firstEvent, type TestDatabase } from '@keyledger/testing';
import { openPostgresEventLog, type EventLog } from '../src/index.js';
import { anEvent, readAll } from './events.js';

describe('PostgreSQL event log, with much to append', () => {
  let database: TestDatabase;
  let log: EventLog;

  beforeAll(async () => {
    database = await createDatabase();
    log = await openPostgresEventLog({ firstEvent, connectionString: database.url });
  });

  afterAll(async () => {
    await log.close();
    await database.drop();
  });

  /** The names of the appends in the order in which they were done; each has `bytes` of data in all. */
  const inOrderOfEnd = async (streams: readonly string[], bytes = 10): Promise<readonly string[]> => {
    const ended: string[] = [];
    const revisions = new Map<string, number>();
    const appends = streams.map(async (stream) => {
      const expected = revisions.get(stream) ?? -1;
      revisions.set(stream, expected + 1);
      const outcome = await log.append(stream, expected, [{ ...anEvent(), data: Buffer.alloc(bytes) }]);
      ended.push(outcome.kind === 'ok' ? stream : outcome.kind);
    });
    await Promise.all(appends);
    return ended;
  };

  it('lets no stream wait for the many appends of another, and keeps the order of each', async () => {
    const ended = await inOrderOfEnd([...Array.from({ length: 50 }, () => 'busy'), 'quiet', 'also-quiet']);
    expect(ended.slice(0, 3).sort()).toEqual(['also-quiet', 'busy', 'quiet']);
    expect(await readAll(log, 'busy')).toHaveLength(50);
  });

  it('serves streams in turn where one call cannot carry an append of each', async () => {
    const streams = ['large-1', 'large-1', 'large-1', 'large-2', 'large-2', 'large-3'];
    const ended = await inOrderOfEnd(streams, 600_000);
    expect(ended).toEqual(['large-1', 'large-2', 'large-3', 'large-1', 'large-2', 'large-1']);
  });
});
