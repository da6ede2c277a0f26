import type * as contract from '@keyledger/contract';
import {
  Answer,
  ApiProperty,
  CREDENTIAL_TYPES,
  CredentialTypeSchema,
  FromCall,
  LogGate,
  Operation,
  ReadGate,
  type Call,
} from '@keyledger/edge';
import { LogReplaced, type Position } from '@keyledger/event-log';
import { Controller, Inject } from '@nestjs/common';

class CredentialTypesSchema implements contract.CredentialTypes {
  @ApiProperty({ type: [CredentialTypeSchema] }) items!: CredentialTypeSchema[];
}

/** What credentials may be: of the configuration, not of the log. */
@Controller()
export class CredentialTypesController {
  constructor(
    private readonly gate: ReadGate,
    private readonly logGate: LogGate,
    @Inject(CREDENTIAL_TYPES) private readonly types: ReadonlyMap<string, contract.CredentialType>,
  ) {}

  @Operation({
    http: 'GET /v1/credential-types',
    rpc: 'CatalogueService/ListCredentialTypes',
    summary: 'List the policies that credentials follow, as data from which forms can be built',
    allow: 'anyone',
    reply: CredentialTypesSchema,
    unversioned: true,
  })
  async credentialTypes(@FromCall() call: Call): Promise<Answer<contract.CredentialTypes>> {
    return new Answer({ items: [...this.types.values()] }, await this.positionFor(call));
  }

  /** What is not in the log is the same, whatever has become of the log and of the tables that were made of it. */
  private async positionFor(call: Call): Promise<Position> {
    try {
      return await this.gate.ready(call, null);
    } catch (error) {
      if (error instanceof LogReplaced) return this.logGate.ready(call, null);
      throw error;
    }
  }
}
