import type * as contract from '@keyledger/contract';
import {
  Answer,
  ApiEndpointCatalogueSchema,
  ApiProperty,
  CONFIG,
  CREDENTIAL_TYPES,
  CredentialTypeSchema,
  FromCall,
  Operation,
  readCatalogue,
  ReadGate,
  type Call,
  type Config,
} from '@keyledger/edge';
import { Controller, Inject } from '@nestjs/common';
import pg from 'pg';

class CredentialTypesSchema implements contract.CredentialTypes {
  @ApiProperty({ type: [CredentialTypeSchema] }) items!: CredentialTypeSchema[];
}

/** What is the same for all accounts of the installation. */
@Controller()
export class CatalogueQueriesController {
  constructor(
    private readonly gate: ReadGate,
    @Inject(pg.Pool) private readonly pool: pg.Pool,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CREDENTIAL_TYPES) private readonly types: ReadonlyMap<string, contract.CredentialType>,
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

  @Operation({
    http: 'GET /v1/credential-types',
    rpc: 'CatalogueService/ListCredentialTypes',
    summary: 'List the policies that credentials follow, as data from which forms can be built',
    allow: 'anyone',
    reply: CredentialTypesSchema,
    unversioned: true,
  })
  async credentialTypes(@FromCall() call: Call): Promise<Answer<contract.CredentialTypes>> {
    const position = await this.gate.ready(call, null);
    return new Answer({ items: [...this.types.values()] }, position);
  }
}
