import type * as contract from '@keyledger/contract';
import type { Application } from '@keyledger/domain';
import { applicationResource, notFound } from '@keyledger/edge';
import { Injectable } from '@nestjs/common';
import { AccountQueries } from './account-queries.js';
import { CatalogueQueries } from './catalogue-queries.js';
import { equalities, ListInput, readPage, searchConditions } from './list-query.js';
import { ListingTables } from './tables.js';

/** An application may have 500 endpoints: a list counts them. */
type Counted = Omit<Application, 'endpointIds'> & { readonly endpointCount: number };
const COUNTED = `document - 'endpointIds'
  || jsonb_build_object('endpointCount', jsonb_array_length(document -> 'endpointIds'))`;

@Injectable()
export class ApplicationQueries {
  constructor(
    private readonly tables: ListingTables,
    private readonly accounts: AccountQueries,
    private readonly catalogue: CatalogueQueries,
  ) {}

  /** Throws the problem not-found, for an application of another account too. */
  async find(accountId: string, applicationId: string): Promise<contract.Application> {
    const query = `select document from ${this.tables.table('applications')} where account_id = $1 and id = $2`;
    const rows = await this.tables.rows<{ document: Application }>(query, [accountId, applicationId]);
    const [found] = await this.withEndpoints(rows.map(({ document }) => document));
    if (found === undefined) throw notFound();
    return found;
  }

  /** Throws the problem not-found where there is no such account. */
  async list(accountId: string, input: ListInput): Promise<contract.Page<contract.ApplicationSummary>> {
    const list = {
      table: 'applications' as const,
      filters: [accountId, input.q],
      parts: [[...equalities({ account_id: accountId }), ...searchConditions(input.q, ['name_key'])]],
      document: COUNTED,
      keys: ({ createdAt, title, applicationId }: Counted) => ({ createdAt, name: title, id: applicationId }),
      show:
        () =>
        ({ applicationId, title, description, endpointCount, createdAt, revision }: Counted) => ({
          ...{ applicationId, title, description, endpointCount, createdAt, revision },
        }),
    };
    const page = await readPage(this.tables, list, input);
    if (page.items.length === 0) await this.accounts.find(accountId);
    return page;
  }

  private async withEndpoints(applications: readonly Application[]): Promise<readonly contract.Application[]> {
    const ids = new Set(applications.flatMap(({ endpointIds }) => endpointIds));
    const endpoints = await this.catalogue.endpoints([...ids]);
    return applications.map((application) => applicationResource(application, (id) => endpoints.get(id)));
  }
}
