import type * as contract from '@keyledger/contract';
import {
  Answer,
  ApiProperty,
  ApplicationSchema,
  ApplicationSummarySchema,
  FromCall,
  Input,
  Operation,
  PageSchema,
  pathId,
  readers,
  ReadGate,
  type Call,
} from '@keyledger/edge';
import { Controller } from '@nestjs/common';
import { ApplicationQueries } from './application-queries.js';
import { ListInput } from './list-query.js';

class ApplicationPageSchema extends PageSchema implements contract.Page<contract.ApplicationSummary> {
  @ApiProperty({ type: [ApplicationSummarySchema] }) items!: ApplicationSummarySchema[];
}

@Controller()
export class ApplicationQueriesController {
  constructor(
    private readonly gate: ReadGate,
    private readonly applications: ApplicationQueries,
  ) {}

  @Operation({
    http: 'GET /v1/accounts/:accountId/applications',
    rpc: 'ApplicationService/ListApplications',
    summary: 'List applications; the name of an application is its title',
    allow: readers,
    input: ListInput,
    reply: ApplicationPageSchema,
    unversioned: true,
  })
  async list(
    @FromCall() call: Call,
    @Input() input: ListInput,
  ): Promise<Answer<contract.Page<contract.ApplicationSummary>>> {
    const accountId = pathId(call, 'accountId');
    const position = await this.gate.ready(call, accountId);
    return new Answer(await this.applications.list(accountId, input), position);
  }

  @Operation({
    http: 'GET /v1/accounts/:accountId/applications/:applicationId',
    rpc: 'ApplicationService/GetApplication',
    summary: 'Show an application and the API endpoints connected to it',
    allow: readers,
    reply: ApplicationSchema,
  })
  async get(@FromCall() call: Call): Promise<Answer<contract.Application>> {
    const accountId = pathId(call, 'accountId');
    const position = await this.gate.ready(call, accountId);
    const body = await this.applications.find(accountId, pathId(call, 'applicationId'));
    return new Answer(body, position, body.revision);
  }
}
