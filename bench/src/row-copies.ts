import pg from 'pg';

const ROWS_PER_STATEMENT = 1_000;

/** Rows of a table, column by column as text, in the order in which they were created. */
type TextRow = readonly (string | null)[];

const columnsOf = async (pool: pg.Pool, schema: string): Promise<readonly string[]> => {
  const text = `select column_name as name from information_schema.columns
    where table_schema = $1 and table_name = 'credentials' order by ordinal_position`;
  return (await pool.query<{ name: string }>(text, [schema])).rows.map(({ name }) => name);
};

/** A second table of credentials, exactly like the listing's with all its indexes, for the plain driver to fill. */
export class RowCopies {
  private constructor(
    private readonly pool: pg.Pool,
    private readonly source: string,
    private readonly schema: string,
    private readonly columns: readonly string[],
  ) {}

  /** `source` is the schema of the listing's tables; `schema` is made anew. */
  static async create(pool: pg.Pool, source: string, schema: string): Promise<RowCopies> {
    await pool.query(`create schema ${schema};
      create table ${schema}.credentials (like ${source}.credentials including all)`);
    return new RowCopies(pool, source, schema, await columnsOf(pool, source));
  }

  /** The rows of the listing that are not among the copies, in whatever order the log had them. */
  async newRows(): Promise<readonly TextRow[]> {
    const { rows } = await this.pool.query<string[]>({
      rowMode: 'array',
      text: `select ${this.columns.map((column) => `${column}::text`).join(', ')} from ${this.source}.credentials listed
        where not exists (select from ${this.schema}.credentials copied
          where copied.account_id = listed.account_id and copied.id = listed.id)
        order by created_at`,
    });
    return rows;
  }

  /** Inserts the rows, 1,000 in each statement, each a durable transaction of its own. */
  async insert(rows: readonly TextRow[]): Promise<void> {
    const client = await this.pool.connect();
    try {
      for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
        const part = rows.slice(start, start + ROWS_PER_STATEMENT);
        await client.query({
          name: `insert-${this.schema}-${part.length}`,
          text: this.textFor(part),
          values: part.flat(),
        });
      }
    } finally {
      client.release();
    }
  }

  async drop(): Promise<void> {
    await this.pool.query(`drop schema ${this.schema} cascade`);
  }

  private textFor(rows: readonly TextRow[]): string {
    const width = this.columns.length;
    const tuples = rows.map((row, index) => `(${row.map((_, column) => `$${index * width + column + 1}`).join(', ')})`);
    return `insert into ${this.schema}.credentials (${this.columns.join(', ')}) values ${tuples.join(', ')}`;
  }
}
