import { type Stats } from 'node:fs';
import { chown, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Binaries } from './binaries.js';
import { syncDirectory } from '@keyledger/durable-files';
import { readIfPresent } from './home.js';
import { hasCode, LocalPostgresError } from './local-postgres-error.js';
import { isAlive } from './postmaster.js';
import { run, type ServerAccount } from './server-account.js';

/** The name of the database, and of the superuser that owns it. */
export const DATABASE = 'keyledger';

/** Whether `directory` holds a cluster that `major` can run; throws if it holds anything else. Writes nothing. */
export async function hasCluster(directory: string, major: string, account: ServerAccount | null): Promise<boolean> {
  const status = await statIfPresent(directory);
  // An empty folder is no cluster: the one that initdb makes takes its place.
  if (status === null || (await isEmpty(directory))) return false;
  refuseForeign(directory, status.uid, account);
  const version = await readIfPresent(join(directory, 'PG_VERSION'));
  const control = await statIfPresent(join(directory, 'global', 'pg_control'));
  if (version === `${major}\n` && control !== null) return true;
  throw new LocalPostgresError(
    `The data directory ${directory} is damaged or not PostgreSQL ${major}: ` +
      'restore it from a backup, or move it away to start empty.',
  );
}

/** PostgreSQL runs only on a cluster that belongs to its own user. */
function refuseForeign(directory: string, owner: number, account: ServerAccount | null): void {
  const uid = account ? account.uid : process.getuid?.();
  if (owner === uid) return;
  throw new LocalPostgresError(
    `The database in ${directory} belongs to uid ${owner}, but PostgreSQL would run as uid ${uid}: ` +
      `start Keyledger as the user who created it, or run "chown -R ${uid} ${directory}".`,
  );
}

/**
 * Makes the cluster `<home>/postgres`. It is made aside and renamed when it is finished, so an interrupted attempt
 * never looks like a cluster. Of two starts at the same time the first one to finish counts.
 */
export async function createCluster(
  home: string,
  binaries: Binaries,
  account: ServerAccount | null,
  password: string,
): Promise<void> {
  await removeInterrupted(home);
  const unfinished = join(home, `postgres.new-${process.pid}`);
  const passwordFile = `${unfinished}.password`;
  try {
    await mkdir(unfinished, { mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (account) for (const path of [unfinished, passwordFile]) await chown(path, account.uid, account.gid);
    await initdb(unfinished, passwordFile, binaries, account);
    await rename(unfinished, join(home, 'postgres'));
    await syncDirectory(home);
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  } finally {
    await rm(passwordFile, { force: true });
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** C.UTF-8 of PostgreSQL itself orders bytewise, is the same on every system, and knows the case of every letter. */
async function initdb(
  directory: string,
  passwordFile: string,
  binaries: Binaries,
  account: ServerAccount | null,
): Promise<void> {
  const options =
    `--username=${DATABASE} --auth=scram-sha-256 --data-checksums --no-instructions ` +
    '--encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8';
  const args = [`--pgdata=${directory}`, `--pwfile=${passwordFile}`, ...options.split(' ')];
  const { ok, stderr } = await run(join(binaries.native, 'bin', 'initdb'), args, account);
  if (ok) return;
  const reason = stderr.split('\n').find((line) => /error|FATAL|PANIC/.test(line)) ?? stderr.split('\n')[0];
  throw new LocalPostgresError(`PostgreSQL could not create its data directory: ${reason}. Mend that and start again.`);
}

/** What a killed attempt left behind is recognised by its name, which tells the process that made it. */
async function removeInterrupted(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const pid = Number(/^postgres\.new-(\d+)(\.password)?$/.exec(name)?.[1]);
    if (pid === process.pid || (pid > 0 && !isAlive(pid))) await rm(join(home, name), { recursive: true, force: true });
  }
}

async function isEmpty(directory: string): Promise<boolean> {
  return (await readdir(directory).catch(() => ['unreadable'])).length === 0;
}

async function statIfPresent(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}
