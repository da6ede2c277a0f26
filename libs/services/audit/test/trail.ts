import type { AuditItem } from '@keyledger/contract';
import type { RecordedEvent } from '@keyledger/event-log';
import type { Projection } from '@keyledger/read-models';
import { auditProjection } from '../src/audit-projection.js';
import { AuditTrail, type TrailFilters } from '../src/audit-trail.js';
import { Installation } from './installation.js';

/** The tables of the trail, filled by hand from the log of an installation. */
export class Trail {
  private constructor(
    private readonly installation: Installation,
    readonly projection: Projection,
    readonly queries: AuditTrail,
  ) {}

  static async open(installation: Installation, schema?: string): Promise<Trail> {
    const ours = auditProjection({ streamPrefix: Installation.streamPrefix });
    const projection = { ...ours, schema: schema ?? ours.schema };
    await installation.pool.query(`create schema ${projection.schema}; ${projection.ddl(projection.schema)}`);
    const queries = new AuditTrail(installation.pool, projection.schema, installation.log.logId);
    return new Trail(installation, projection, queries);
  }

  /** Everything that is in the log now. */
  async recorded(): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    const stop = new AbortController();
    for await (const item of this.installation.log.follow(null, stop.signal)) {
      if (item.kind === 'events') events.push(...item.events);
      if (item.kind === 'caught-up') stop.abort();
    }
    return events;
  }

  async apply(events: readonly RecordedEvent[]): Promise<void> {
    const client = await this.installation.pool.connect();
    try {
      await client.query('begin');
      await this.projection.apply(client, this.projection.schema, events);
      await client.query('commit');
    } finally {
      client.release(true);
    }
  }

  /** Applied twice, as every projection has to bear it. */
  async project(): Promise<void> {
    const events = await this.recorded();
    await this.apply(events);
    await this.apply(events);
  }

  async all(accountId: string | null, filters: TrailFilters = {}): Promise<readonly AuditItem[]> {
    return (await this.queries.list(accountId, filters, { limit: 200 })).items;
  }
}
