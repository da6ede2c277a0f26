import type * as contract from '@keyledger/contract';
import {
  accountResource,
  AccountSchema,
  Answer,
  apiAccessResource,
  ApiAccessSchema,
  ApiProperty,
  FromCall,
  Input,
  Operation,
  PageSchema,
  pathId,
  readers,
  ReadGate,
  type Call,
  visibleAccounts,
} from '@keyledger/edge';
import { Controller } from '@nestjs/common';
import { AccountQueries, ListAccountsInput } from './account-queries.js';

class AccountPageSchema extends PageSchema implements contract.Page<contract.Account> {
  @ApiProperty({ type: [AccountSchema] }) items!: AccountSchema[];
}

@Controller()
export class AccountQueriesController {
  constructor(
    private readonly gate: ReadGate,
    private readonly accounts: AccountQueries,
  ) {}

  @Operation({
    http: 'GET /v1/accounts',
    rpc: 'AccountService/ListAccounts',
    summary: 'List the accounts that you may see',
    allow: readers,
    input: ListAccountsInput,
    reply: AccountPageSchema,
    unversioned: true,
  })
  async list(
    @FromCall() call: Call,
    @Input() input: ListAccountsInput,
  ): Promise<Answer<contract.Page<contract.Account>>> {
    const position = await this.gate.ready(call, null);
    return new Answer(await this.accounts.list(visibleAccounts(call.principal, readers), input), position);
  }

  @Operation({
    http: 'GET /v1/accounts/:accountId',
    rpc: 'AccountService/GetAccount',
    summary: 'Show an account',
    allow: readers,
    reply: AccountSchema,
  })
  async get(@FromCall() call: Call): Promise<Answer<contract.Account>> {
    const accountId = pathId(call, 'accountId');
    const position = await this.gate.ready(call, accountId);
    const body = accountResource(await this.accounts.find(accountId));
    return new Answer(body, position, body.revision);
  }

  @Operation({
    http: 'GET /v1/accounts/:accountId/api-access',
    rpc: 'ApiAccessService/GetApiAccess',
    summary: 'Show whether API access is on, and for which addresses',
    allow: readers,
    reply: ApiAccessSchema,
  })
  async getApiAccess(@FromCall() call: Call): Promise<Answer<contract.ApiAccess>> {
    const accountId = pathId(call, 'accountId');
    const position = await this.gate.ready(call, accountId);
    const body = apiAccessResource(await this.accounts.find(accountId));
    return new Answer(body, position, body.revision);
  }
}
