import { CONFIG, projectionProviders, UsageTables, type Config, type Slice } from '@keyledger/edge';
import { Module } from '@nestjs/common';
import pg from 'pg';
import { AccountQueriesController } from './account-queries.controller.js';
import { AccountQueries } from './account-queries.js';
import { ApplicationQueriesController } from './application-queries.controller.js';
import { ApplicationQueries } from './application-queries.js';
import { CatalogueQueriesController } from './catalogue-queries.controller.js';
import { CredentialTypesController } from './credential-types.controller.js';
import { CatalogueQueries } from './catalogue-queries.js';
import { CredentialQueriesController } from './credential-queries.controller.js';
import { CredentialQueries } from './credential-queries.js';
import { listingProjection } from './listing-projection.js';
import { PositionController } from './position.controller.js';
import { ListingTables } from './tables.js';
import { WebhookEndpointQueriesController } from './webhook-endpoint-queries.controller.js';
import { WebhookEndpointQueries } from './webhook-endpoint-queries.js';

/** Everything that is asked about accounts, but for their history. */
@Module({
  providers: [
    ...projectionProviders(listingProjection),
    {
      provide: ListingTables,
      inject: [pg.Pool, CONFIG],
      useFactory: (pool: pg.Pool, config: Config) => new ListingTables(pool, listingProjection(config).schema),
    },
    {
      provide: UsageTables,
      inject: [pg.Pool, CONFIG],
      useFactory: (pool: pg.Pool, config: Config) => UsageTables.open(pool, config),
    },
    AccountQueries,
    ApplicationQueries,
    CatalogueQueries,
    CredentialQueries,
    WebhookEndpointQueries,
  ],
})
class ListingModule {}

export const listing: Slice = {
  controllers: [
    AccountQueriesController,
    ApplicationQueriesController,
    CatalogueQueriesController,
    CredentialTypesController,
    CredentialQueriesController,
    PositionController,
    WebhookEndpointQueriesController,
  ],
  module: () => ListingModule,
  projections: [listingProjection],
};
