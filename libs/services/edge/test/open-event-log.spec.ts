import { randomUUID } from 'node:crypto';
import { LogReadOnly, type EventLog } from '@keyledger/event-log';
import {
  createDatabase,
  provideEventStore,
  startEsdbNode,
  type ProvidedEventStore,
  type TestDatabase,
} from '@keyledger/testing';
import pg from 'pg';
import { parseConfig } from '../src/settings/config.js';
import type { Foundation } from '../src/process/edge.module.js';
import { explain } from '../src/process/explain.js';
import { openEventLog } from '../src/process/foundation.js';
import { type Probe, storeProbes } from '../src/observing/readiness.js';
import { catalogueStream } from '@keyledger/domain';

let database: TestDatabase;
let eventStore: ProvidedEventStore;

beforeAll(async () => {
  [database, eventStore] = await Promise.all([createDatabase(), provideEventStore()]);
});

afterAll(async () => {
  await database.drop();
  await eventStore.stop();
});

const storeProbe = (stores: Pick<Foundation, 'config' | 'log' | 'pool'>): Probe => {
  const { log } = storeProbes(stores);
  if (log === undefined) throw new Error('The log has no probe.');
  return log;
};

describe.each(['postgres', 'eventstoredb'])('the log that KEYLEDGER_EVENT_LOG=%s names', (engine) => {
  const streamPrefix = `t${randomUUID().slice(0, 8)}-`;
  const anEvent = { id: randomUUID(), type: 'Tried', data: Buffer.from('{}'), metadata: Buffer.from('{}') };

  const open = (readOnly: boolean): Promise<EventLog> => {
    const { url, username = '', password = '' } = eventStore;
    const config = parseConfig({
      KEYLEDGER_EVENT_LOG: engine,
      KEYLEDGER_STREAM_PREFIX: streamPrefix,
      KEYLEDGER_READ_ONLY: String(readOnly),
      EVENTSTOREDB_URL: url,
      EVENTSTOREDB_USERNAME: username,
      EVENTSTOREDB_PASSWORD: password,
    });
    return openEventLog(config, database.url);
  };

  it('is not created by a process that may only read', async () => {
    await expect(open(true)).rejects.toThrow(/^(The event log cannot be opened\. )?There is no /);
  });

  it('is one that can be written, and only read where nothing else is allowed', async () => {
    const log = await open(false);
    const stream = catalogueStream(streamPrefix);
    expect(await log.append(stream, -1, [anEvent])).toMatchObject({ kind: 'ok' });
    const reader = await open(true);
    expect(reader.logId).toBe(log.logId);
    await expect(reader.append(stream, 0, [{ ...anEvent, id: randomUUID() }])).rejects.toThrow(LogReadOnly);
    expect(await reader.head()).toBe(await log.head());
    const events: string[] = [];
    for await (const page of reader.readStream(stream, 0)) events.push(...page.map(({ id }) => id));
    expect(events).toEqual([anEvent.id]);
    await log.close();
    await reader.close();
  });
});

it.each(['nonsense', 'esdb://127.0.0.1:99999', 'esdb://127.0.0.1:2113?nodePreferense=leader'])(
  'says that %s is no URL of an EventStoreDB',
  async (url) => {
    const opened = async () =>
      openEventLog(parseConfig({ KEYLEDGER_EVENT_LOG: 'eventstoredb', EVENTSTOREDB_URL: url }), database.url);
    const error: unknown = await opened().catch((error: unknown) => error);
    expect(explain('start', error)).toContain('EVENTSTOREDB_URL');
  },
);

describe('a log that is replaced while it is open', () => {
  it('is no longer up, on PostgreSQL', async () => {
    const config = parseConfig({ KEYLEDGER_STREAM_PREFIX: 'replaced-' });
    const log = await openEventLog(config, database.url);
    const pool = new pg.Pool({ connectionString: database.url });
    const probe = storeProbe({ config, log, pool });
    expect(await probe()).toMatchObject({ up: true, logId: log.logId });
    await pool.query(`update "replaced-event_log".events set data = '{"logId":"0123456789abcdef"}'`);
    expect(await probe()).toMatchObject({ up: false, reason: expect.stringContaining('replaced') as string });
    await log.close();
    await pool.end();
  });

  it('is no longer up, on EventStoreDB', async () => {
    const node = await startEsdbNode({});
    const config = parseConfig({ KEYLEDGER_EVENT_LOG: 'eventstoredb', EVENTSTOREDB_URL: node.url });
    const log = await openEventLog(config, database.url);
    const pool = new pg.Pool({ connectionString: database.url });
    const probe = storeProbe({ config, log, pool });
    expect(await probe()).toMatchObject({ up: true, logId: log.logId });
    node.replaceLog();
    // Its connections are cut as well: the first probe may not get through.
    const told = await probe().catch(() => probe());
    expect(told).toMatchObject({ up: false, reason: expect.stringContaining('replaced') as string });
    await log.close();
    await pool.end();
    await node.stop();
  });
});
