import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { withClient, type Installation } from './installation.js';
import { load, type Load } from './load.js';

/** What the log stores for one creation: the rows of the reference are exactly as large. */
interface EventBytes {
  readonly data: Buffer;
  readonly metadata: Buffer;
}

const TABLE = `create table if not exists reference (
  position bigint generated always as identity primary key,
  stream_id text not null, revision bigint not null, event_id uuid not null, type text not null,
  data bytea not null, metadata bytea not null)`;

const INSERT = `insert into reference (stream_id, revision, event_id, type, data, metadata)
  values ($1, $2, $3, 'CredentialCreated', $4, $5)`;

/** An event that a server has stored for a creation. */
export const sampleEvent = async ({ openLog }: Installation): Promise<EventBytes> => {
  const log = await openLog();
  try {
    for await (const item of log.follow(null, new AbortController().signal)) {
      if (item.kind !== 'events') break;
      const created = item.events.find(({ type }) => type === 'CredentialCreated');
      if (created !== undefined) return { data: Buffer.from(created.data), metadata: Buffer.from(created.metadata) };
    }
  } finally {
    await log.close();
  }
  throw new Error('The log holds no creation to take the size from.');
};

/** One-row inserts by the plain driver, each a prepared statement and a durable transaction of its own. */
export class ReferenceInserts {
  private constructor(private readonly clients: readonly pg.Client[]) {}

  static async open({ databaseUrl }: Installation, connections: number): Promise<ReferenceInserts> {
    await withClient(databaseUrl, (client) => client.query(TABLE));
    const clients = Array.from({ length: connections }, () => new pg.Client({ connectionString: databaseUrl }));
    await Promise.all(clients.map((client) => client.connect()));
    return new ReferenceInserts(clients);
  }

  run({ data, metadata }: EventBytes, durationMs: number): Promise<Load> {
    const workers = this.clients.map((client, index) => {
      const streamId = `account-acct_${randomUUID()}`;
      let revision = index;
      return async (): Promise<void> => {
        const values = [streamId, (revision += 1), randomUUID(), data, metadata];
        await client.query({ name: 'reference', text: INSERT, values });
      };
    });
    return load(workers, durationMs);
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.end()));
  }
}
