import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { openPool } from '@keyledger/postgres';
import { createDatabase } from '@keyledger/testing';
import type pg from 'pg';

export interface TestDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  drop(): Promise<void>;
}

export const newPool = (url: string): pg.Pool => openPool(url);

/** As the schemas of an installation with this prefix are named. */
export const prefixed =
  (prefix: string) =>
  (part: string): string =>
    prefix + part;

/** An empty database of its own and a pool on it. */
export const newDatabase = async (): Promise<TestDatabase> => {
  const database = await createDatabase();
  const pool = newPool(database.url);
  return {
    url: database.url,
    pool,
    drop: async () => {
      await pool.end();
      await database.drop();
    },
  };
};

/** Another way to the server of `url`, which `cut` closes without a word, as a failing network does. */
export const cuttableWayTo = async (url: string): Promise<{ url: string; cut(): void }> => {
  const way = new URL(url);
  const target = { host: way.hostname, port: Number(way.port) };
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const onward = connect(target);
    sockets.push(socket, onward);
    for (const each of [socket, onward]) each.on('error', () => undefined);
    socket.pipe(onward).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  way.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: way.href,
    cut: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
};

/** All rows of a table as PostgreSQL writes them, which is where a leaked secret would be found. */
export const textOf = async (pool: pg.Pool, table: string): Promise<string> => {
  const { rows } = await pool.query<{ row: string }>(`select t::text as row from ${table} t`);
  return rows.map(({ row }) => row).join('\n');
};
