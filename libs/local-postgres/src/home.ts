import { createHash, randomBytes } from 'node:crypto';
import { access, chmod, chown, constants, mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readOrCreateFile } from '@keyledger/durable-files';
import { hasCode, LocalPostgresError } from './local-postgres-error.js';
import { canEnter, type ServerAccount } from './server-account.js';

/** Where clusters live whose data directory PostgreSQL's own user cannot enter. */
const RELOCATED = '/var/lib/keyledger';

/** Creates the data directory, readable by nobody else, and returns its real path. */
export async function openDataDir(dataDir: string): Promise<string> {
  try {
    await mkdir(dirname(dataDir), { recursive: true });
    await mkdir(dataDir, { mode: 0o700 }).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error;
    });
    const path = await realpath(dataDir);
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return path;
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST')) throw error;
    throw new LocalPostgresError(
      `The data directory ${dataDir} cannot be written by this user: ` +
        'start Keyledger as its owner, or set KEYLEDGER_DATA_DIR to another folder.',
      { cause: error },
    );
  }
}

/**
 * The folder that holds the cluster: the data directory, or one below /var/lib/keyledger when we are root and
 * PostgreSQL's user cannot enter the data directory. `<dataDir>/location` remembers the second case.
 */
export async function findHome(dataDir: string, account: ServerAccount | null): Promise<string> {
  const recorded = (await readIfPresent(join(dataDir, 'location')))?.trim();
  if (recorded) return recordedHome(recorded, dataDir);
  if (account === null) return dataDir;
  await admit(account, dataDir);
  if (await canEnter(dataDir, account)) return dataDir;
  if (await exists(join(dataDir, 'postgres'))) {
    throw new LocalPostgresError(
      `The user ${account.name}, whom PostgreSQL runs as, cannot enter ${dataDir}: ` +
        'start Keyledger as the user who created it, or give this one the right to pass through the folders to it.',
    );
  }
  return relocatedHome(dataDir, account);
}

/** Remembers a home elsewhere; to be called once there is a finished cluster in it. */
export async function recordHome(dataDir: string, home: string): Promise<void> {
  if (home !== dataDir) await readOrCreateFile(join(dataDir, 'location'), () => `${home}\n`);
}

async function recordedHome(home: string, dataDir: string): Promise<string> {
  if (await exists(join(home, 'postgres'))) return home;
  throw new LocalPostgresError(
    `The database of ${dataDir} should be in ${home} and is not: restore it from a backup, ` +
      `or move ${dataDir} away to start empty.`,
  );
}

/** Lets the account pass through a data directory that belongs to root alone; it can still not list it. */
async function admit(account: ServerAccount, dataDir: string): Promise<void> {
  const { uid, mode } = await stat(dataDir);
  if (uid !== 0 || (mode & 0o077) !== 0) return;
  await chown(dataDir, 0, account.gid);
  await chmod(dataDir, 0o710);
}

async function relocatedHome(dataDir: string, account: ServerAccount): Promise<string> {
  const home = join(RELOCATED, createHash('sha256').update(dataDir).digest('hex').slice(0, 12));
  try {
    for (const directory of [RELOCATED, home]) {
      await mkdir(directory, { recursive: true });
      await chmod(directory, 0o711);
    }
    if (await canEnter(home, account)) return home;
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS')) throw error;
  }
  throw new LocalPostgresError(
    `The user ${account.name}, whom PostgreSQL runs as, can enter neither ${dataDir} nor ${home}: ` +
      'set KEYLEDGER_DATA_DIR to a folder that it can enter, or start Keyledger as an ordinary user.',
  );
}

/** The password of the database, made at the first start, when there is no `cluster` yet. */
export async function readPassword(dataDir: string, cluster: string | null): Promise<string> {
  const path = join(dataDir, 'postgres-password');
  if (cluster !== null && !(await exists(path))) {
    throw new LocalPostgresError(
      `The file ${path} is missing: restore it from a backup, or move ${cluster} away to start empty.`,
    );
  }
  const { text } = await readOrCreateFile(path, () => randomBytes(24).toString('base64url'));
  return text.trim();
}

export async function readIfPresent(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
