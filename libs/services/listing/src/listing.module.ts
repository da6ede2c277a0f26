import { CONFIG, projectionProviders, type Config, type Slice } from '@keyledger/edge';
import { Module } from '@nestjs/common';
import pg from 'pg';
import { AccountQueries, AccountQueriesController } from './account-queries.js';
import { ApplicationQueries, ApplicationQueriesController } from './application-queries.js';
import { CatalogueQueries, CatalogueQueriesController } from './catalogue-queries.js';
import { CredentialQueries, CredentialQueriesController } from './credential-queries.js';
import { listingProjection } from './listing-projection.js';
import { PositionController } from './position.controller.js';
import { ListingTables } from './tables.js';

/** Everything that is asked about accounts, but for their history. */
@Module({
  controllers: [
    AccountQueriesController,
    ApplicationQueriesController,
    CatalogueQueriesController,
    CredentialQueriesController,
    PositionController,
  ],
  providers: [
    ...projectionProviders(listingProjection),
    {
      provide: ListingTables,
      inject: [pg.Pool, CONFIG],
      useFactory: (pool: pg.Pool, config: Config) => new ListingTables(pool, listingProjection(config).schema),
    },
    AccountQueries,
    ApplicationQueries,
    CatalogueQueries,
    CredentialQueries,
  ],
})
class ListingModule {}

export const listing: Slice = { module: () => ListingModule, projections: [listingProjection] };
