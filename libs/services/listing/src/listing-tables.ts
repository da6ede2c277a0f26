import { Kysely, PostgresDialect, sql, type RawBuilder } from 'kysely';
import type pg from 'pg';

/** The listing's tables, for those that read them. */
export class ListingTables {
  private readonly database: Kysely<unknown>;

  constructor(
    pool: pg.Pool,
    private readonly schema: string,
  ) {
    this.database = new Kysely({ dialect: new PostgresDialect({ pool }) });
  }

  /** A table, to be named in a query. */
  table(name: string): RawBuilder<unknown> {
    return sql.id(this.schema, name);
  }

  async rows<R>(query: RawBuilder<R>): Promise<readonly R[]> {
    return (await query.execute(this.database)).rows;
  }
}
