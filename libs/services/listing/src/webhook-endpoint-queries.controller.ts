import type * as contract from '@keyledger/contract';
import {
  Answer,
  ApiProperty,
  FromCall,
  Input,
  Operation,
  PageSchema,
  pathId,
  readers,
  ReadGate,
  WebhookEndpointSchema,
  type Call,
} from '@keyledger/edge';
import { Controller } from '@nestjs/common';
import { ListInput } from './list-query.js';
import { WebhookEndpointQueries } from './webhook-endpoint-queries.js';

class WebhookEndpointPageSchema extends PageSchema implements contract.Page<contract.WebhookEndpoint> {
  @ApiProperty({ type: [WebhookEndpointSchema] }) items!: WebhookEndpointSchema[];
}

@Controller()
export class WebhookEndpointQueriesController {
  constructor(
    private readonly gate: ReadGate,
    private readonly endpoints: WebhookEndpointQueries,
  ) {}

  @Operation({
    http: 'GET /v1/accounts/:accountId/webhook-endpoints',
    rpc: 'WebhookService/ListEndpoints',
    summary: 'List webhook endpoints; the name of a webhook endpoint is its url',
    allow: readers,
    input: ListInput,
    reply: WebhookEndpointPageSchema,
    unversioned: true,
  })
  async list(
    @FromCall() call: Call,
    @Input() input: ListInput,
  ): Promise<Answer<contract.Page<contract.WebhookEndpoint>>> {
    const accountId = pathId(call, 'accountId');
    const position = await this.gate.ready(call, accountId);
    return new Answer(await this.endpoints.list(accountId, input), position);
  }

  @Operation({
    http: 'GET /v1/accounts/:accountId/webhook-endpoints/:endpointId',
    rpc: 'WebhookService/GetEndpoint',
    summary: 'Show a webhook endpoint',
    allow: readers,
    reply: WebhookEndpointSchema,
  })
  async get(@FromCall() call: Call): Promise<Answer<contract.WebhookEndpoint>> {
    const accountId = pathId(call, 'accountId');
    const position = await this.gate.ready(call, accountId);
    const body = await this.endpoints.find(accountId, pathId(call, 'endpointId'));
    return new Answer(body, position, body.revision);
  }
}
