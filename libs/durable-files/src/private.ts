import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { mkdir, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode } from './codes.js';

/** A file that is not what it should be, or a folder. The message names its path, and never what is in it. */
export class UnfitFile extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnfitFile';
  }
}

/** More than any key, password or chain of certificates takes. */
const MOST_BYTES = 65_536;

/** A file of root's that a group of ours may read is how secrets are mounted into containers. */
const isMountedForUs = ({ uid, gid, mode }: Stats): boolean =>
  uid === 0 && (mode & 0o020) === 0 && [process.getgid?.(), ...(process.getgroups?.() ?? [])].includes(gid);

/** Others could read a key, or put one of their own in its place. */
const requirePrivate = (path: string, stats: Stats): void => {
  const { mode } = stats;
  if ((mode & 0o006) === 0 && ((mode & 0o060) === 0 || isMountedForUs(stats))) return;
  throw new UnfitFile(
    `${path} is open to other users (mode 0${(mode & 0o777).toString(8)}). ` +
      `Take their rights away: chmod go-rw '${path}'`,
  );
};

const requireFile = (path: string, stats: Stats): void => {
  if (!stats.isFile()) throw new UnfitFile(`${path} is not a file`);
  if (stats.size > MOST_BYTES) throw new UnfitFile(`${path} is larger than ${MOST_BYTES / 1024} KiB`);
};

const decode = (path: string, bytes: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnfitFile(`${path} is not a text in UTF-8`);
  }
};

/** Null if there is none. Opening a named pipe, or reading a device, must not wait for somebody else. */
const openIfPresent = (path: string): number | null => {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
};

type Check = (path: string, stats: Stats) => void;

const readChecked = (path: string, check: Check): string | null => {
  const file = openIfPresent(path);
  if (file === null) return null;
  try {
    const stats = fstatSync(file);
    requireFile(path, stats);
    check(path, stats);
    return decode(path, readFileSync(file));
  } finally {
    closeSync(file);
  }
};

/** The text of a file of up to 64 KiB; null if there is none. Throws UnfitFile. */
export const readSmallFile = (path: string): string | null => readChecked(path, () => undefined);

/** The same of a file that no other user can read or write. Throws UnfitFile. */
export const readPrivateFile = (path: string): string | null => readChecked(path, requirePrivate);

/** The real path of a folder that no other user can list or write, made if it is not there. Throws UnfitFile. */
export const openPrivateDirectory = async (path: string): Promise<string> => {
  await mkdir(dirname(path), { recursive: true });
  // Private from the first moment on: another process that starts may look at any time.
  await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error;
  });
  requirePrivate(path, await stat(path));
  return realpath(path);
};
