import { CONFIG, projectionProviders, type Config, type Slice } from '@keyledger/edge';
import { Module } from '@nestjs/common';
import pg from 'pg';
import { AccountQueries } from './account-queries.js';
import { AccountsController } from './accounts.controller.js';
import { ApplicationQueries } from './application-queries.js';
import { ApplicationsController } from './applications.controller.js';
import { CatalogueQueries } from './catalogue-queries.js';
import { CatalogueController } from './catalogue.controller.js';
import { CredentialQueries } from './credential-queries.js';
import { CredentialsController } from './credentials.controller.js';
import { listingProjection } from './listing-projection.js';
import { ListingTables } from './listing-tables.js';
import { PositionController } from './position.controller.js';

/** Everything that is asked about accounts, but for their history. */
@Module({
  controllers: [
    AccountsController,
    ApplicationsController,
    CatalogueController,
    CredentialsController,
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
