import pg from 'pg';
import { createDatabase } from '../src/index.js';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('createDatabase', () => {
  it('gives every caller a database of its own', async () => {
    const [one, other] = [await createDatabase(), await createDatabase()];
    await query(one.url, 'CREATE TABLE mine (id int)');

    expect(await query(one.url, "SELECT to_regclass('mine')::text AS mine")).toEqual([{ mine: 'mine' }]);
    expect(await query(other.url, "SELECT to_regclass('mine')::text AS mine")).toEqual([{ mine: null }]);

    await Promise.all([one.drop(), other.drop()]);
  });

  it('drops a database although a session is open', async () => {
    const database = await createDatabase();
    const session = new pg.Client({ connectionString: database.url });
    const cut = new Promise<Error>((resolve) => session.on('error', resolve));
    await session.connect();

    await database.drop();

    expect((await cut).message).toMatch(/terminat/);
    await expect(query(database.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  });
});
