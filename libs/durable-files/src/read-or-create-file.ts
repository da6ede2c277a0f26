import { randomUUID } from 'node:crypto';
import { link, open, readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { unlessCode } from './codes.js';
import { readPrivateFile } from './private.js';

interface FileText {
  readonly text: string;
  /** True where this call has made the file. */
  readonly created: boolean;
}

/** The text of a file; null if there is none. */
export const readIfPresent = (path: string): Promise<string | null> =>
  readFile(path, 'utf8').catch(unlessCode('ENOENT'));

/** A new entry of a directory survives a power failure only once the directory itself is on disk. */
export const syncDirectory = async (directory: string): Promise<void> => {
  const handle = await open(directory, 'r');
  await handle.sync().finally(() => handle.close());
};

/** The draft of a process that was killed here stays, and harms nobody: no other one has its name. */
const createOnce = async (path: string, text: string): Promise<boolean> => {
  const draft = `${path}.${randomUUID()}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(text).then(() => file.sync());
    // Unlike a rename, a link fails where the name is taken.
    return (await link(draft, path).then(() => true, unlessCode('EEXIST'))) ?? false;
  } finally {
    await file.close();
    await unlink(draft);
    await syncDirectory(dirname(path));
  }
};

/**
 * The text of a file that is written once and never again. If it is not there, it is made of what `newText` answers,
 * with mode 0600. A file that exists is whole, also after a power failure, and is never written over: first calls at
 * the same time, in whatever processes, agree on one text. The folder must be there. Throws UnfitFile.
 */
export const readOrCreateFile = async (path: string, newText: () => string): Promise<FileText> => {
  const present = readPrivateFile(path);
  if (present !== null) return { text: present, created: false };
  const created = await createOnce(path, newText());
  const text = readPrivateFile(path);
  if (text === null) throw new Error(`${path} was deleted while it was made.`);
  return { text, created };
};
