import { randomUUID } from 'node:crypto';
import type { Snapshot } from '@keyledger/event-log';
import { PostgresSnapshots } from '../src/postgres-snapshots.js';
import { Installation, SCHEMA } from './installation.js';

let installation: Installation;
let snapshots: PostgresSnapshots;
let streamId: string;

beforeAll(async () => {
  installation = await Installation.open();
  snapshots = new PostgresSnapshots(installation.pool, SCHEMA);
});

afterAll(() => installation.close());

beforeEach(() => {
  streamId = randomUUID();
});

const snapshotAt = (revision: number, state: string, logId = installation.log.logId): Snapshot => ({
  ...{ logId, revision, position: `position ${revision}`, eventId: randomUUID(), state: Buffer.from(state) },
});

describe('the snapshots of accounts', () => {
  it('are the newest of the log, whichever comes last', async () => {
    const newest = snapshotAt(600, 'newest');
    await snapshots.save(streamId, snapshotAt(500, 'older'));
    await snapshots.save(streamId, newest);
    await snapshots.save(streamId, snapshotAt(500, 'older'));
    expect(await snapshots.load(streamId)).toEqual(newest);
  });

  it('replace one at the same event, which may be of a form that no process knows any more', async () => {
    await snapshots.save(streamId, snapshotAt(600, 'another form'));
    await snapshots.save(streamId, snapshotAt(600, 'this form'));
    expect((await snapshots.load(streamId))?.state).toEqual(Buffer.from('this form'));
  });

  it('leave no trace of a past that was lost', async () => {
    await snapshots.save(streamId, snapshotAt(900, 'lost'));
    await snapshots.discard(streamId);
    expect(await snapshots.load(streamId)).toBeNull();
    await snapshots.save(streamId, snapshotAt(600, 'true'));
    expect((await snapshots.load(streamId))?.state).toEqual(Buffer.from('true'));
  });
});
