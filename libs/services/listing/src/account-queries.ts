import type * as contract from '@keyledger/contract';
import type { AccountFacts } from '@keyledger/domain';
import { accountResource, notFound, Text } from '@keyledger/edge';
import { Injectable } from '@nestjs/common';
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
      show: () => accountResource,
    };
    return readPage(this.tables, list, input);
  }
}
