import type { Stats } from 'node:fs';
import { chmod, mkdir, open, realpath, stat } from 'node:fs/promises';
import { unlessCode } from './codes.js';

/** Others could read a key, or put one of their own in its place. */
export class NotPrivate extends Error {
  constructor(path: string, mode: number) {
    super(
      `${path} is open to other users (mode 0${(mode & 0o777).toString(8)}). ` +
        `Take their rights away: chmod go-rw '${path}'`,
    );
    this.name = 'NotPrivate';
  }
}

/** A file of root's that a group of ours may read is how secrets are mounted into containers. */
const isMountedForUs = ({ uid, gid, mode }: Stats): boolean =>
  uid === 0 && (mode & 0o020) === 0 && [process.getgid?.(), ...(process.getgroups?.() ?? [])].includes(gid);

const requirePrivate = (path: string, stats: Stats): void => {
  const { mode } = stats;
  if ((mode & 0o006) !== 0 || ((mode & 0o060) !== 0 && !isMountedForUs(stats))) throw new NotPrivate(path, mode);
};

/** The text of a file that no other user can read or write; null if there is none. Throws NotPrivate. */
export const readPrivateFile = async (path: string): Promise<string | null> => {
  const file = await open(path, 'r').catch(unlessCode('ENOENT'));
  if (file === null) return null;
  try {
    requirePrivate(path, await file.stat());
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
};

/** The real path of a folder that no other user can list or write, made if it is not there. Throws NotPrivate. */
export const openPrivateDirectory = async (path: string): Promise<string> => {
  const made = await mkdir(path, { recursive: true });
  if (made !== undefined) await chmod(path, 0o700);
  requirePrivate(path, await stat(path));
  return realpath(path);
};
