import { afterEach, describe, expect, it } from '@jest/globals';
import { binaryEvent, EventStoreDBClient, NO_STREAM } from '@eventstore/db-client';
import { provideEventStore } from '../src/index.js';

const { EVENTSTOREDB_URL, EVENTSTOREDB_USERNAME, EVENTSTOREDB_PASSWORD } = process.env;
afterEach(() => {
  for (const [name, value] of Object.entries({ EVENTSTOREDB_URL, EVENTSTOREDB_USERNAME, EVENTSTOREDB_PASSWORD })) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

describe('a provided event store', () => {
  it('is the given one, if one is given', async () => {
    process.env['EVENTSTOREDB_URL'] = 'esdb://given.invalid:2113';
    process.env['EVENTSTOREDB_USERNAME'] = 'someone';
    delete process.env['EVENTSTOREDB_PASSWORD'];
    const { stop, ...provided } = await provideEventStore();
    expect(provided).toEqual({ url: 'esdb://given.invalid:2113', username: 'someone', kind: 'given' });
    await stop();
  });

  it('is a real one where it can be, else the node, and takes appends', async () => {
    delete process.env['EVENTSTOREDB_URL'];
    const provided = await provideEventStore();
    expect(['container', 'node']).toContain(provided.kind);
    const client = EventStoreDBClient.connectionString(provided.url);
    const stream = `t${crypto.randomUUID()}-s`;
    const event = binaryEvent({ type: 'X', data: Buffer.of(1) });
    // With credentials of its own a call is a unary one, as all of ours are; the node takes no batch.
    const credentials = { username: 'someone', password: 'whatever' };
    const appended = await client.appendToStream(stream, event, { expectedRevision: NO_STREAM, credentials });
    expect(appended.success).toBe(true);
    await client.dispose();
    await provided.stop();
  });
});
