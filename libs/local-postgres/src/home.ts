import { createHash, randomBytes } from 'node:crypto';
import { access, chmod, chown, constants, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openPrivateDirectory, readIfPresent, readOrCreateFile } from '@keyledger/durable-files';
import { LocalPostgresError } from './local-postgres-error.js';
import { canEnter, type ServerAccount } from './server-account.js';

/** Where clusters live whose data directory PostgreSQL's own user cannot enter. */
const RELOCATED = '/var/lib/keyledger';

/** Creates the data directory, readable by nobody else, and returns its real path. */
export async function openDataDir(dataDir: string): Promise<string> {
  const path = await openPrivateDirectory(dataDir);
  await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  return path;
}

/** The user whom the cluster of `dataDir` belongs to; null where there is none yet. */
export async function ownerOf(dataDir: string): Promise<number | null> {
  const home = (await readIfPresent(join(dataDir, 'location')))?.trim() ?? dataDir;
  return stat(join(home, 'postgres')).then(
    ({ uid }) => uid,
    () => null,
  );
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
  const home = join(RELOCATED, createHash('sha256').update(dataDir).digest('hex').slice(0, 12));
  for (const directory of [RELOCATED, home]) {
    await mkdir(directory, { recursive: true });
    await chmod(directory, 0o711);
  }
  return home;
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

export const exists = (path: string): Promise<boolean> => stat(path).then(Boolean, () => false);
