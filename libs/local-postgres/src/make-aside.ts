import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hasCode, syncDirectory } from '@keyledger/durable-files';

/** Whether there is a process of that number that we may signal. PostgreSQL judges its own lock file the same way. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/**
 * Makes a folder that is either whole or not there: `fill` gets an empty one beside it, which is renamed when it is
 * finished. Of two processes that do this at the same time, the first to finish counts.
 */
export async function makeAside(directory: string, fill: (unfinished: string) => Promise<void>): Promise<void> {
  const parent = dirname(directory);
  const prefix = `${basename(directory)}.new-`;
  // What a killed attempt left is recognised by its name, which tells the process that made it.
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : 0;
    if (pid === process.pid || (pid > 0 && !isAlive(pid))) await rm(join(parent, name), { recursive: true });
  }
  const unfinished = join(parent, `${prefix}${process.pid}`);
  try {
    await mkdir(unfinished, { mode: 0o700 });
    await fill(unfinished);
    await rename(unfinished, directory);
    await syncDirectory(parent);
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
