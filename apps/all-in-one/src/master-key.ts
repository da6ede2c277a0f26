import { randomBytes } from 'node:crypto';
import { link, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';

const FORM = /^[A-Za-z0-9+/]{43}=\n?$/;

/** The master key of the embedded default. `created` is true where this start has made it. */
export interface MasterKeyFile {
  readonly path: string;
  readonly key: Buffer;
  readonly created: boolean;
}

const readIfPresent = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Written aside, flushed and linked into place, so that a key file that exists is whole. */
const create = async (path: string): Promise<void> => {
  const draft = `${path}.new`;
  const file = await open(draft, 'w', 0o600);
  await file.writeFile(`${randomBytes(32).toString('base64')}\n`);
  await file.sync();
  await file.close();
  await link(draft, path);
  await unlink(draft);
};

/** Reads `<dataDir>/master.key`, or makes it at the first start. Losing this file loses every sealed secret. */
export const openMasterKeyFile = async (dataDir: string): Promise<MasterKeyFile> => {
  const path = join(dataDir, 'master.key');
  const present = await readIfPresent(path);
  if (present === undefined) await create(path);
  const text = present ?? (await readFile(path, 'utf8'));
  if (!FORM.test(text)) throw new Error(`${path} must hold the base64 of 32 bytes. Restore it from your backup.`);
  return { path, key: Buffer.from(text, 'base64'), created: present === undefined };
};
