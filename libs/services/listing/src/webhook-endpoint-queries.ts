import type * as contract from '@keyledger/contract';
import type { WebhookEndpoint } from '@keyledger/domain';
import { notFound, webhookEndpointResource } from '@keyledger/edge';
import { Injectable } from '@nestjs/common';
import { AccountQueries } from './account-queries.js';
import { equalities, ListInput, readPage, searchConditions } from './list-query.js';
import { endpointName, ListingTables } from './tables.js';

@Injectable()
export class WebhookEndpointQueries {
  constructor(
    private readonly tables: ListingTables,
    private readonly accounts: AccountQueries,
  ) {}

  /** Throws the problem not-found, for an endpoint of another account too. */
  async find(accountId: string, endpointId: string): Promise<contract.WebhookEndpoint> {
    const query = `select document from ${this.tables.table('webhook_endpoints')} where account_id = $1 and id = $2`;
    const [found] = await this.tables.rows<{ document: WebhookEndpoint }>(query, [accountId, endpointId]);
    if (found === undefined) throw notFound();
    return webhookEndpointResource(found.document);
  }

  /** Throws the problem not-found where there is no such account. */
  async list(accountId: string, input: ListInput): Promise<contract.Page<contract.WebhookEndpoint>> {
    const list = {
      table: 'webhook_endpoints' as const,
      filters: [accountId, input.q],
      parts: [[...equalities({ account_id: accountId }), ...searchConditions(input.q, ['name_key'])]],
      keys: (endpoint: WebhookEndpoint) => ({
        createdAt: endpoint.createdAt,
        name: endpointName(endpoint),
        id: endpoint.endpointId,
      }),
      show: () => webhookEndpointResource,
    };
    const page = await readPage(this.tables, list, input);
    if (page.items.length === 0) await this.accounts.find(accountId);
    return page;
  }
}
