import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { createDatabase } from '@keyledger/testing';
import { clusterOf, exists, expectNoPostgres, failToStart, UsedDirectory, withFile } from './harness/failed-start.js';
import { launchKeyledger, type Settings } from './harness/program.js';

const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

let used: UsedDirectory;

beforeAll(async () => {
  used = await UsedDirectory.make();
});

afterAll(() => used.remove());

const occupyPort = async (): Promise<{ readonly port: string; readonly occupant: Server }> => {
  const occupant = createServer().listen(0, '127.0.0.1');
  await once(occupant, 'listening');
  return { port: String((occupant.address() as AddressInfo).port), occupant };
};

/** All this is found before the log is opened, so that its engine does not matter. */
describe('does not start', () => {
  it.each(['KEYLEDGER_HTTP_PORT', 'KEYLEDGER_GRPC_PORT'])('where the port of %s is taken', async (setting) => {
    const { port, occupant } = await occupyPort();
    const line = await used.failToStartAgain({ [setting]: port });
    occupant.close();
    expect(line).toContain(port);
    expect(line).toContain(setting);
    await expectNoPostgres(used.server.dataDir);
  });

  it('where a port is taken, before a database is made', async () => {
    const { port, occupant } = await occupyPort();
    const fresh = join(used.folder, 'never-made');
    for (const setting of ['KEYLEDGER_HTTP_PORT', 'KEYLEDGER_GRPC_PORT']) {
      await failToStart({ [setting]: port, KEYLEDGER_DATA_DIR: fresh });
    }
    occupant.close();
    expect(await exists(fresh)).toBe(false);
  });

  it('where both doors have the same port', async () => {
    const { port, occupant } = await occupyPort();
    occupant.close();
    await once(occupant, 'close');
    expect(await used.failToStartAgain({ KEYLEDGER_HTTP_PORT: port, KEYLEDGER_GRPC_PORT: port })).toContain(port);
  });

  it('where the data directory is a file', async () => {
    const path = join(used.folder, 'a-file');
    await writeFile(path, 'text');
    expect(await failToStart({ KEYLEDGER_DATA_DIR: path })).toContain(path);
    expect(await readFile(path, 'utf8')).toBe('text');
  });

  it('where its own issuer would be trusted in production', async () => {
    expect(await used.failToStartAgain({ NODE_ENV: 'production' })).toContain('NODE_ENV=production');
    await expectNoPostgres(used.server.dataDir);
  });

  it('with mistakes in the settings, and lists all of them at once', async () => {
    const { exit } = launchKeyledger({
      ...{ KEYLEDGER_DATA_DIR: used.server.dataDir, KEYLEDGER_HTTP_PORT: '70000', KEYLEDGER_LOG_LEVEL: 'loud' },
      ...{ KEYLEDGER_MASTER_KEY: 'hush-hush', KEYLEDGER_OIDC_ALGORITHMS: 'none', KEYLEDGER_HTTP_PROT: '1' },
      ...{
        KEYLEDGER_DATABASE_URL: 'mysql://user:hush-hush@db/x',
        KEYLEDGER_CREDENTIAL_TYPES: join(used.folder, 'no-such-folder'),
      },
    });
    const { code, stdout, stderr } = await exit;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const names = [
      'HTTP_PORT',
      'LOG_LEVEL',
      'MASTER_KEY',
      'OIDC_ALGORITHMS',
      'HTTP_PROT',
      'DATABASE_URL',
      'CREDENTIAL_TYPES',
    ];
    const complaints = stderr.trimEnd().split('\n');
    expect(complaints).toHaveLength(names.length);
    for (const name of names) expect(complaints.filter((line) => line.includes(`KEYLEDGER_${name} `))).toHaveLength(1);
    expect(stderr).not.toContain('hush-hush');
  });

  it('without the password of the database', async () => {
    await withFile(join(used.server.dataDir, 'postgres-password'), null, async () => {
      expect(await used.failToStartAgain()).toContain('postgres-password');
    });
    await expectNoPostgres(used.server.dataDir);
  });

  it.each(['PG_VERSION', 'global/pg_control'])('where the database has lost %s', async (file) => {
    await withFile(join(await clusterOf(used.server.dataDir), file), null, async () => {
      await used.failToStartAgain();
    });
    await expectNoPostgres(used.server.dataDir);
  });
});

describe('with a database of its user', () => {
  const settings = (url: string): Settings => ({
    ...{ KEYLEDGER_DATABASE_URL: url, KEYLEDGER_MASTER_KEY: MASTER_KEY, KEYLEDGER_LOCAL_ISSUER: 'true' },
    KEYLEDGER_DATA_DIR: join(used.folder, 'beside-a-database'),
  });

  it('does not start where nothing listens', async () => {
    const { port, occupant } = await occupyPort();
    occupant.close();
    await once(occupant, 'close');
    const line = await failToStart(settings(`postgres://keyledger:hush-hush@127.0.0.1:${port}/keyledger`));
    expect(line).toContain('KEYLEDGER_DATABASE_URL');
    expect(line).not.toContain('hush-hush');
  });

  it('does not start where the database does not exist, or the user may not enter', async () => {
    const database = await createDatabase();
    const absent = new URL(database.url);
    absent.pathname = '/no_such_database';
    expect(await failToStart(settings(absent.href))).toContain('KEYLEDGER_DATABASE_URL');
    const stranger = new URL(database.url);
    stranger.username = 'stranger';
    stranger.password = 'hush-hush';
    const line = await failToStart(settings(stranger.href));
    expect(line).toContain('KEYLEDGER_DATABASE_URL');
    expect(line).not.toContain('hush-hush');
    await database.drop();
  });

  it('needs a master key from its user', async () => {
    const line = await failToStart({
      ...{ KEYLEDGER_DATABASE_URL: 'postgres://keyledger@127.0.0.1:1/keyledger', KEYLEDGER_LOCAL_ISSUER: 'true' },
      KEYLEDGER_DATA_DIR: used.server.dataDir,
    });
    expect(line).toContain('KEYLEDGER_MASTER_KEY');
  });
});
