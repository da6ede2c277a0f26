import type * as contract from '@keyledger/contract';
import type { AccountFacts } from '@keyledger/domain';
import {
  accountResource,
  AccountSchema,
  Answer,
  apiAccessResource,
  ApiAccessSchema,
  type Call,
  FromCall,
  Input,
  notFound,
  Operation,
  PageSchema,
  pathId,
  readers,
  ReadGate,
  Text,
  visibleAccounts,
} from '@keyledger/edge';
import { Controller, Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { type Condition, equalities, ListInput, readPage, searchConditions } from './list-query.js';
import { ListingTables } from './tables.js';

export class ListAccountsInput extends ListInput {
  @Text({ max: 200, optional: true, description: 'Your own id of the customer, exact: finds one account at most.' })
  externalId?: string;
}

@Injectable()
export class AccountQueries {
  constructor(private readonly tables: ListingTables) {}

  /** Throws the problem not-found. */
  async find(accountId: string): Promise<AccountFacts> {
    const query = `select document from ${this.tables.table('accounts')} where id = $1`;
    const [row] = await this.tables.rows<{ document: AccountFacts }>(query, [accountId]);
    if (row === undefined) throw notFound();
    return row.document;
  }

  /** Of the accounts that the caller may list. */
  list(visible: readonly string[] | '*', input: ListAccountsInput): Promise<contract.Page<contract.Account>> {
    const { externalId, q } = input;
    const scope: readonly Condition[] = visible === '*' ? [] : [(bind) => `id = any(${bind(visible)}::text[])`];
    const part = [...scope, ...equalities({ external_id: externalId }), ...searchConditions(q, ['name_key'])];
    const list = {
      table: 'accounts' as const,
      filters: [externalId, q],
      parts: [part],
      keys: ({ createdAt, name, accountId }: AccountFacts) => ({ createdAt, name, id: accountId }),
      show: accountResource,
    };
    return readPage(this.tables, list, input);
  }
}

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
