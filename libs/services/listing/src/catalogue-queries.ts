import type * as contract from '@keyledger/contract';
import { catalogueStream } from '@keyledger/domain';
import { CONFIG, type Config } from '@keyledger/edge';
import { Inject, Injectable } from '@nestjs/common';
import { ListingTables } from './tables.js';

@Injectable()
export class CatalogueQueries {
  constructor(
    private readonly tables: ListingTables,
    @Inject(CONFIG) private readonly config: Pick<Config, 'streamPrefix'>,
  ) {}

  /** All endpoints in order of their ids, among them the retired ones that an application has. */
  async read(): Promise<contract.ApiEndpointCatalogue> {
    // In one statement, so that the revision is the one of these very endpoints.
    const [row] = await this.tables.rows<{ endpoints: readonly contract.ApiEndpoint[]; revision: string | null }>(
      `select
          coalesce(json_agg(json_build_object('endpointId', id, 'method', method, 'path', path, 'status', status)
            order by id), '[]') as endpoints,
          (select revision from ${this.tables.table('streams')}
            where stream_id = $1) as revision
        from ${this.tables.table('endpoints')} as endpoint
        where status = 'active'
          or exists (select from ${this.tables.table('applications')} where document -> 'endpointIds' ? endpoint.id)`,
      [catalogueStream(this.config.streamPrefix)],
    );
    const revision = row?.revision ?? null;
    return { endpoints: row?.endpoints ?? [], revision: revision === null ? null : Number(revision) };
  }

  async endpoints(ids: readonly string[]): Promise<ReadonlyMap<string, contract.ApiEndpoint>> {
    if (ids.length === 0) return new Map();
    const rows = await this.tables.rows<contract.ApiEndpoint>(
      `select id as "endpointId", method, path, status
       from ${this.tables.table('endpoints')} where id = any($1::text[])`,
      [ids],
    );
    return new Map(rows.map((endpoint) => [endpoint.endpointId, endpoint]));
  }
}
