import pg from 'pg';

const { escapeIdentifier } = pg;

/** Bytes one to one, JSON as text: whatever lies in a column can be searched. */
const asText = (value: unknown): string => {
  if (value instanceof Buffer) return value.toString('latin1');
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** Everything that the tables of a database hold, by table. */
export const dumpDatabase = async (url: string): Promise<ReadonlyMap<string, string>> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ schema: string; name: string }>(
      `select table_schema as schema, table_name as name from information_schema.tables
       where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
    );
    const dump = new Map<string, string>();
    for (const { schema, name } of tables) {
      const { rows } = await client.query<unknown[]>({
        text: `select * from ${escapeIdentifier(schema)}.${escapeIdentifier(name)}`,
        rowMode: 'array',
      });
      dump.set(`${schema}.${name}`, rows.map((row) => row.map(asText).join('\n')).join('\n'));
    }
    return dump;
  } finally {
    await client.end();
  }
};
