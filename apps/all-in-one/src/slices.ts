import { createSecretKey, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { audit } from '@keyledger/audit';
import { consoleHost } from '@keyledger/console-host';
import { readOrCreateFile } from '@keyledger/durable-files';
import type { Slice } from '@keyledger/edge';
import { issuing } from '@keyledger/issuing';
import { listing } from '@keyledger/listing';
import { feed, publishing } from '@keyledger/publishing';
import { WrongMasterKey } from '@keyledger/secrets';
import { verification } from '@keyledger/verification';
import { webhooks } from '@keyledger/webhooks';

const KEY_FORM = /^[A-Za-z0-9+/]{43}=\n?$/;

/** The master key of the embedded default. `created` is true where this start has made it. */
interface MasterKeyFile {
  readonly path: string;
  readonly key: Buffer;
  readonly created: boolean;
}

/** Reads `<dataDir>/master.key`, or makes it at the first start. Losing this file loses every sealed secret. */
const openMasterKeyFile = async (dataDir: string): Promise<MasterKeyFile> => {
  const path = join(dataDir, 'master.key');
  const { text, created } = await readOrCreateFile(path, () => `${randomBytes(32).toString('base64')}\n`);
  if (!KEY_FORM.test(text)) throw new Error(`${path} must hold the base64 of 32 bytes. Restore it from your backup.`);
  return { path, key: Buffer.from(text, 'base64'), created };
};

let keyFile: Promise<MasterKeyFile> | undefined;

/** With the embedded database the master key comes from a file beside it, which all slices share. */
const withKeyFile = (slice: Slice): Slice => ({
  ...slice,
  module: async (foundation) => {
    const { config } = foundation;
    if (config.masterKey !== null) return slice.module(foundation);
    const { path, key, created } = await (keyFile ??= openMasterKeyFile(config.dataDir));
    try {
      return await slice.module({ ...foundation, config: { ...config, masterKey: createSecretKey(key) } });
    } catch (error) {
      // A key made just now is the wrong one only because the right one is missing: do not pretend otherwise.
      if (error instanceof WrongMasterKey && created) await rm(path, { force: true });
      throw error;
    }
  },
});

/** Everything, in one process. */
export const slices: readonly Slice[] = [
  withKeyFile(issuing),
  listing,
  audit,
  withKeyFile(verification),
  publishing,
  feed,
  withKeyFile(webhooks),
  consoleHost(new URL('../../console/dist/', import.meta.url)),
];
