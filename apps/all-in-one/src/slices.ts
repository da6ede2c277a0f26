import { createSecretKey } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import { audit } from '@keyledger/audit';
import type { Slice } from '@keyledger/edge';
import { issuing } from '@keyledger/issuing';
import { listing } from '@keyledger/listing';
import { WrongMasterKey } from '@keyledger/secrets';
import { openMasterKeyFile } from './master-key.js';

/** With the embedded database the master key comes from a file beside it. */
const issuingWithKeyFile: Slice = {
  ...issuing,
  module: async (foundation) => {
    const { config } = foundation;
    if (config.masterKey !== null) return issuing.module(foundation);
    const { path, key, created } = await openMasterKeyFile(config.dataDir);
    try {
      return await issuing.module({ ...foundation, config: { ...config, masterKey: createSecretKey(key) } });
    } catch (error) {
      // A key made just now is the wrong one only because the right one is missing: do not pretend otherwise.
      if (error instanceof WrongMasterKey && created) await unlink(path);
      throw error;
    }
  },
};

/** Everything, in one process. */
export const slices: readonly Slice[] = [issuingWithKeyFile, listing, audit];
