import type * as contract from '@keyledger/contract';
import { Injectable } from '@nestjs/common';
import { ListingTables } from './tables.js';

@Injectable()
export class CatalogueQueries {
  constructor(private readonly tables: ListingTables) {}

  /** Those of the ids, retired ones too. */
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
