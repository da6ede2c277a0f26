import type * as contract from '@keyledger/contract';
import { ApiEndpointsReplySchema, FromCall, Input, Operation, operators, Answer, type Call } from '@keyledger/edge';
import { Controller } from '@nestjs/common';
import { Catalogue } from './catalogue.js';
import { ReplaceApiEndpointsInput } from './catalogue.inputs.js';

/** The API endpoints of the installation that applications may be connected to. */
@Controller()
export class CatalogueController {
  constructor(private readonly catalogue: Catalogue) {}

  @Operation({
    http: 'PUT /v1/api-endpoints',
    rpc: 'CatalogueService/ReplaceApiEndpoints',
    summary: 'Replace the endpoint catalogue; one left out is retired',
    allow: operators,
    input: ReplaceApiEndpointsInput,
    reply: ApiEndpointsReplySchema,
  })
  async replace(
    @FromCall() call: Call,
    @Input() { endpoints }: ReplaceApiEndpointsInput,
  ): Promise<Answer<contract.ApiEndpointsReply>> {
    const asked = endpoints.map(({ endpointId, method, path, status }) => ({
      endpointId,
      method,
      path,
      status: status ?? ('active' as const),
    }));
    const { endpoints: all, position, revision } = await this.catalogue.replace(call, asked);
    // A catalogue that was never written has no revision to name.
    return new Answer({ endpoints: all, position }, position, revision < 0 ? undefined : revision);
  }
}
