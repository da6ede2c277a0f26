import type * as contract from '@keyledger/contract';
import {
  Answer,
  ApiProperty,
  CredentialSchema,
  CredentialUsageSchema,
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
import { CredentialQueries, CredentialUsageInput, ListCredentialsInput } from './credential-queries.js';

class CredentialPageSchema extends PageSchema implements contract.Page<contract.Credential> {
  @ApiProperty({ type: [CredentialSchema] }) items!: CredentialSchema[];
}

const now = (): string => new Date().toISOString();

@Controller()
export class CredentialQueriesController {
  constructor(
    private readonly gate: ReadGate,
    private readonly credentials: CredentialQueries,
  ) {}

  @Operation({
    http: 'GET /v1/accounts/:accountId/credentials',
    rpc: 'CredentialService/ListCredentials',
    summary: 'List credentials; all filters that are given apply',
    allow: readers,
    input: ListCredentialsInput,
    reply: CredentialPageSchema,
    unversioned: true,
  })
  async list(
    @FromCall() call: Call,
    @Input() input: ListCredentialsInput,
  ): Promise<Answer<contract.Page<contract.Credential>>> {
    const accountId = pathId(call, 'accountId');
    const position = await this.gate.ready(call, accountId);
    return new Answer(await this.credentials.list(accountId, input, now()), position);
  }

  @Operation({
    http: 'GET /v1/accounts/:accountId/credentials/:credentialId',
    rpc: 'CredentialService/GetCredential',
    summary: 'Show a credential, without its secret',
    allow: readers,
    reply: CredentialSchema,
  })
  async get(@FromCall() call: Call): Promise<Answer<contract.Credential>> {
    const accountId = pathId(call, 'accountId');
    const position = await this.gate.ready(call, accountId);
    const body = await this.credentials.find(accountId, pathId(call, 'credentialId'), now());
    return new Answer(body, position, body.revision);
  }

  @Operation({
    http: 'GET /v1/accounts/:accountId/credentials/:credentialId/usage',
    rpc: 'CredentialService/GetCredentialUsage',
    summary: 'Count the verdicts on a credential by day and code',
    allow: readers,
    input: CredentialUsageInput,
    reply: CredentialUsageSchema,
    unversioned: true,
  })
  async usage(
    @FromCall() call: Call,
    @Input() { days }: CredentialUsageInput,
  ): Promise<Answer<contract.CredentialUsage>> {
    const accountId = pathId(call, 'accountId');
    const position = await this.gate.ready(call, accountId);
    return new Answer(await this.credentials.usageOf(accountId, pathId(call, 'credentialId'), days, now()), position);
  }
}
