import type * as contract from '@keyledger/contract';
import {
  Answer,
  ApiEndpointCatalogueSchema,
  CONFIG,
  FromCall,
  Operation,
  readCatalogue,
  ReadGate,
  type Call,
  type Config,
} from '@keyledger/edge';
import { Controller, Inject } from '@nestjs/common';
import pg from 'pg';

/** The API endpoints of the installation. */
@Controller()
export class CatalogueQueriesController {
  constructor(
    private readonly gate: ReadGate,
    @Inject(pg.Pool) private readonly pool: pg.Pool,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Operation({
    http: 'GET /v1/api-endpoints',
    rpc: 'CatalogueService/GetApiEndpoints',
    summary: 'Show the catalogue of API endpoints, and the retired ones that an application has',
    allow: 'anyone',
    reply: ApiEndpointCatalogueSchema,
  })
  async endpoints(@FromCall() call: Call): Promise<Answer<contract.ApiEndpointCatalogue>> {
    const position = await this.gate.ready(call, null);
    const body = await readCatalogue(this.pool, this.config);
    return new Answer(body, position, body.revision ?? undefined);
  }
}
