import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, startEsdbNode, type EsdbNode, type TestDatabase } from '@keyledger/testing';
import type { Settings } from './program.js';

/** A database and an EventStoreDB node for one suite, whatever the engine of the run, and the settings for both. */
export interface OwnStores {
  readonly database: TestDatabase;
  readonly node: EsdbNode;
  readonly settings: Settings;
  close(): Promise<void>;
}

export const openOwnStores = async (engine: string): Promise<OwnStores> => {
  const database = await createDatabase();
  const node = await startEsdbNode({ systemEventEvery: 0 });
  return {
    database,
    node,
    settings: {
      ...{ KEYLEDGER_EVENT_LOG: engine, EVENTSTOREDB_URL: node.url, KEYLEDGER_STREAM_PREFIX: '' },
      ...{ EVENTSTOREDB_USERNAME: '', EVENTSTOREDB_PASSWORD: '' },
      ...{ KEYLEDGER_DATABASE_URL: database.url, KEYLEDGER_LOCAL_ISSUER: 'true' },
      KEYLEDGER_MASTER_KEY: Buffer.alloc(32, 5).toString('base64'),
      KEYLEDGER_DATA_DIR: await mkdtemp(join(tmpdir(), `keyledger-e2e-${process.pid}-`)),
    },
    close: async () => {
      await node.stop();
      await database.drop();
    },
  };
};
