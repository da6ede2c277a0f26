import { once } from 'node:events';
import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '@keyledger/testing';
import { startKeyledger, type KeyledgerProcess } from './harness/keyledger-process.js';
import { launchKeyledger, type Exit, type Settings } from './harness/program.js';
import { Visit } from './harness/shared-server.js';

const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

let server: KeyledgerProcess;
let folder: string;

/** A data directory that has been used once, whose server is stopped. Each test leaves it as it was. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), `keyledger-e2e-${process.pid}-`));
  server = await startKeyledger();
  await server.stop();
});

afterAll(async () => {
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

const inDataDir = (name: string): string => join(server.dataDir, name);
const exists = (path: string): Promise<boolean> => stat(path).then(Boolean, () => false);

/** The folder of the cluster: PostgreSQL's own user may have to have it elsewhere. */
const clusterOf = async (dataDir: string): Promise<string> => {
  const elsewhere = await readFile(join(dataDir, 'location'), 'utf8').catch(() => dataDir);
  return join(elsewhere.trim(), 'postgres');
};

/** Starts a server that must not start: it has to end by itself, with one line that says why and nothing else. */
const failToStart = async (settings: Settings): Promise<string> => {
  const program = launchKeyledger({ KEYLEDGER_DATA_DIR: server.dataDir, ...settings });
  const exit: Exit = await program.exit;
  expect({ code: exit.code, ready: exit.stdout.includes('is ready') }).toEqual({ code: 1, ready: false });
  expect(exit.stderr).toMatch(/^Keyledger cannot start: .+\n$/);
  return exit.stderr;
};

const expectNoPostgres = async (): Promise<void> => {
  expect(await exists(join(await clusterOf(server.dataDir), 'postmaster.pid'))).toBe(false);
};

/** Moves a file away while `during` runs, or puts another text into it. */
const withFile = async (path: string, text: string | null, during: () => Promise<void>): Promise<void> => {
  await rename(path, `${path}.aside`);
  try {
    if (text !== null) await writeFile(path, text, { mode: 0o600 });
    await during();
  } finally {
    await rm(path, { force: true });
    await rename(`${path}.aside`, path);
  }
};

const occupyPort = async (): Promise<{ readonly port: string; readonly occupant: Server }> => {
  const occupant = createServer().listen(0, '127.0.0.1');
  await once(occupant, 'listening');
  return { port: String((occupant.address() as AddressInfo).port), occupant };
};

describe('does not start', () => {
  it.each(['KEYLEDGER_HTTP_PORT', 'KEYLEDGER_GRPC_PORT'])('where the port of %s is taken', async (setting) => {
    const { port, occupant } = await occupyPort();
    const line = await failToStart({ [setting]: port });
    occupant.close();
    expect(line).toContain(port);
    expect(line).toContain(setting);
    await expectNoPostgres();
  });

  it('where a port is taken, before a database is made', async () => {
    const { port, occupant } = await occupyPort();
    const fresh = join(folder, 'never-made');
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
    expect(await failToStart({ KEYLEDGER_HTTP_PORT: port, KEYLEDGER_GRPC_PORT: port })).toContain(port);
  });

  it('where another Keyledger has the data directory, which goes on', async () => {
    await server.start();
    const line = await failToStart({});
    expect(line).toMatch(/already running/);
    const visit = new Visit(server);
    expect((await visit.http.get('/health/ready')).status).toBe(200);
    visit.close();
    await server.stop();
    await expectNoPostgres();
  });

  it('with another master key', async () => {
    const otherKey = `${Buffer.alloc(32, 9).toString('base64')}\n`;
    await withFile(inDataDir('master.key'), otherKey, async () => {
      expect(await failToStart({})).toMatch(/master key/i);
    });
    await expectNoPostgres();
  });

  it('without the master key, and makes no new one', async () => {
    await withFile(inDataDir('master.key'), null, async () => {
      expect(await failToStart({})).toMatch(/master key/i);
      expect(await exists(inDataDir('master.key'))).toBe(false);
    });
    await expectNoPostgres();
  });

  it('with a master key that is none', async () => {
    await withFile(inDataDir('master.key'), 'not a key\n', async () => {
      expect(await failToStart({})).toContain(inDataDir('master.key'));
    });
    await expectNoPostgres();
  });

  it.each(['', '{"kty":"oct"}', 'nonsense'])(
    'with %j for a key of the local issuer, and does not show it',
    async (text) => {
      await withFile(inDataDir('issuer-key.json'), text, async () => {
        const line = await failToStart({});
        expect(line).toContain('issuer-key.json');
        if (text !== '') expect(line).not.toContain(text);
      });
      await expectNoPostgres();
    },
  );

  it('without the password of the database', async () => {
    await withFile(inDataDir('postgres-password'), null, async () => {
      expect(await failToStart({})).toContain('postgres-password');
    });
    await expectNoPostgres();
  });

  it.each(['PG_VERSION', 'global/pg_control'])('where the database has lost %s', async (file) => {
    await withFile(join(await clusterOf(server.dataDir), file), null, async () => {
      await failToStart({});
    });
    await expectNoPostgres();
  });

  it('where the data directory is a file', async () => {
    const path = join(folder, 'a-file');
    await writeFile(path, 'text');
    expect(await failToStart({ KEYLEDGER_DATA_DIR: path })).toContain(path);
    expect(await readFile(path, 'utf8')).toBe('text');
  });

  it('where its own issuer would be trusted in production', async () => {
    expect(await failToStart({ NODE_ENV: 'production' })).toContain('NODE_ENV=production');
    await expectNoPostgres();
  });

  it('with mistakes in the settings, and lists all of them at once', async () => {
    const { exit } = launchKeyledger({
      ...{ KEYLEDGER_DATA_DIR: server.dataDir, KEYLEDGER_HTTP_PORT: '70000', KEYLEDGER_LOG_LEVEL: 'loud' },
      ...{ KEYLEDGER_MASTER_KEY: 'hush-hush', KEYLEDGER_OIDC_ALGORITHMS: 'none', KEYLEDGER_HTTP_PROT: '1' },
      ...{
        KEYLEDGER_DATABASE_URL: 'mysql://user:hush-hush@db/x',
        KEYLEDGER_CREDENTIAL_TYPES: join(folder, 'no-such-folder'),
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
});

describe('with a database of its user', () => {
  const settings = (url: string): Settings => ({
    ...{ KEYLEDGER_DATABASE_URL: url, KEYLEDGER_MASTER_KEY: MASTER_KEY, KEYLEDGER_LOCAL_ISSUER: 'true' },
    KEYLEDGER_DATA_DIR: join(folder, 'beside-a-database'),
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

  it('does not start with another master key than the first time', async () => {
    const database = await createDatabase();
    const first = await startKeyledger(settings(database.url));
    await first.stop();
    const otherKey = Buffer.alloc(32, 9).toString('base64');
    const line = await failToStart({ ...settings(database.url), KEYLEDGER_MASTER_KEY: otherKey });
    expect(line).toMatch(/master key/i);
    expect(line).not.toContain(otherKey);
    await first.remove();
    await database.drop();
  });

  it('needs a master key from its user', async () => {
    const { KEYLEDGER_DATABASE_URL: url = '' } = settings('postgres://keyledger@127.0.0.1:1/keyledger');
    const line = await failToStart({ KEYLEDGER_DATABASE_URL: url, KEYLEDGER_LOCAL_ISSUER: 'true' });
    expect(line).toContain('KEYLEDGER_MASTER_KEY');
  });
});
