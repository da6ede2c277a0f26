import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startLocalPostgres, type LocalPostgres } from '../src/index.js';

const OWNER = `SELECT pid FROM pg_locks JOIN pg_stat_activity USING (pid)
  WHERE locktype = 'advisory' AND granted AND application_name = 'keyledger-owner'`;
const IN_LINE = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";

describe('an owner whose session ends', () => {
  let parent: string;
  let server: LocalPostgres;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'keyledger-ownership-'));
    await chmod(parent, 0o755);
    server = await start();
  });

  afterEach(async () => {
    await server.stop();
    await rm(server.location, { recursive: true, force: true });
    await rm(parent, { recursive: true, force: true });
  });

  const start = (): Promise<LocalPostgres> => startLocalPostgres({ dataDir: join(parent, '.keyledger') });

  const postmasterPid = async (): Promise<number> =>
    Number((await readFile(join(server.location, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);

  /** A session in the database that the owner's lock belongs to. */
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: server.url.replace(/[^/]+$/, 'postgres') });
    client.on('error', () => undefined); // Its queries are rejected, which is enough.
    await client.connect();
    return client;
  };

  const query = async (sql: string): Promise<{ pid?: number }[]> => {
    const client = await connect();
    try {
      return (await client.query<{ pid?: number }>(sql)).rows;
    } finally {
      await client.end();
    }
  };

  /** The session that owns the server, once there is another than `before`; null if the owner gives up instead. */
  const nextOwner = async (before: number | undefined): Promise<number | null> => {
    let lost = false;
    void server.lost.then(() => (lost = true));
    while (!lost) {
      // The server lets nobody in while it recovers.
      const [owner] = await query(OWNER).catch(() => []);
      if (owner?.pid !== undefined && owner.pid !== before) return owner.pid;
      await sleep(20);
    }
    return null;
  };

  it('because another session crashed goes on as the owner, and still learns of the end of the server', async () => {
    const [owner] = await query(OWNER);
    const victim = await connect();
    const { rows } = await victim.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    // PostgreSQL ends all sessions when one crashes, because what they share may be damaged.
    for (const { pid } of rows) process.kill(pid, 'SIGKILL');

    expect(await nextOwner(owner?.pid)).not.toBeNull();

    const pid = await postmasterPid();
    await expect(start()).rejects.toMatchObject({
      message: expect.stringMatching(/^Keyledger is already running on this data directory/) as string,
    });
    process.kill(pid, 'SIGKILL');
    expect(await server.lost).toMatchObject({
      message: `PostgreSQL (pid ${pid}) went away: start Keyledger again.`,
    });
  });

  it('gives up when another one has taken its place', async () => {
    const rival = await connect();
    // It waits in line, so that the lock is its own the moment that the owner's session ends.
    const taken = rival.query('SELECT pg_advisory_lock(7738725041170573170)');
    while ((await query(IN_LINE)).length === 0);
    for (const { pid } of await query(OWNER)) await query(`SELECT pg_terminate_backend(${pid ?? 0})`);
    await taken;

    expect(await server.lost).toMatchObject({
      message: `Another Keyledger has taken over PostgreSQL (pid ${await postmasterPid()}): this one cannot go on.`,
    });
    await rival.end();
  });

  it('says nothing more once the server was asked to stop', async () => {
    const [owner] = await query(OWNER);
    await query(`SELECT pg_terminate_backend(${owner?.pid ?? 0})`);
    await server.stop();

    expect(await Promise.race([server.lost, Promise.resolve('nothing')])).toBe('nothing');
  });
});
