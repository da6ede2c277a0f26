import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readOrCreateFile } from '@keyledger/durable-files';

const FORM = /^[A-Za-z0-9+/]{43}=\n?$/;

/** The master key of the embedded default. `created` is true where this start has made it. */
interface MasterKeyFile {
  readonly path: string;
  readonly key: Buffer;
  readonly created: boolean;
}

/** Reads `<dataDir>/master.key`, or makes it at the first start. Losing this file loses every sealed secret. */
export const openMasterKeyFile = async (dataDir: string): Promise<MasterKeyFile> => {
  const path = join(dataDir, 'master.key');
  const { text, created } = await readOrCreateFile(path, () => `${randomBytes(32).toString('base64')}\n`);
  if (!FORM.test(text)) throw new Error(`${path} must hold the base64 of 32 bytes. Restore it from your backup.`);
  return { path, key: Buffer.from(text, 'base64'), created };
};
