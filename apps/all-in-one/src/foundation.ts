import { unlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadCredentialTypes, logger, openAuthenticator, type Config, type Foundation } from '@keyledger/edge';
import { openPostgresEventLog } from '@keyledger/event-log';
import { issuingSchema } from '@keyledger/issuing';
import { startLocalPostgres, type LocalPostgres } from '@keyledger/local-postgres';
import { openKeyring, WrongMasterKey, type Keyring } from '@keyledger/secrets';
import pg from 'pg';
import { openMasterKeyFile } from './master-key.js';

export interface OpenFoundation extends Foundation {
  readonly keyring: Keyring;
  /** Null where the user's own PostgreSQL is used. */
  readonly localPostgres: LocalPostgres | null;
  close(): Promise<void>;
}

const POOL_SIZE = 20;
const CLOSE_DEADLINE_MS = 1_000;

/** What a read may take, and getting a connection for it: then it is refused, rather than waited for without end. */
const QUERY_DEADLINE_MS = 10_000;

/** A connection in use must not keep the database itself from being stopped. */
const soon = (closing: Promise<unknown>): Promise<unknown> => Promise.race([closing, sleep(CLOSE_DEADLINE_MS)]);

/** With the user's own database the key comes from the settings; else from a file beside the embedded one. */
const unlockKeyring = async (config: Config, pool: pg.Pool): Promise<Keyring> => {
  if (config.masterKey !== null) return openKeyring(pool, issuingSchema(config), config.masterKey.export());
  const file = await openMasterKeyFile(config.dataDir);
  try {
    return await openKeyring(pool, issuingSchema(config), file.key);
  } catch (error) {
    // A key made just now is the wrong one only because the right one is missing: do not pretend otherwise.
    if (error instanceof WrongMasterKey && file.created) await unlink(file.path);
    throw error;
  }
};

/** Opens what all services of this process stand on. What was opened is closed again if something fails. */
export const openFoundation = async (config: Config): Promise<OpenFoundation> => {
  const credentialTypes = loadCredentialTypes(config.credentialTypesDir);
  const log = logger(config);
  const onLog = (line: string): void => log.info(line);
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    const localPostgres =
      config.databaseUrl === null ? await startLocalPostgres({ dataDir: config.dataDir, onLog }) : null;
    if (localPostgres !== null) closers.push(() => localPostgres.stop());
    const connectionString = localPostgres?.url ?? config.databaseUrl ?? '';
    const pool = new pg.Pool({
      connectionString,
      max: POOL_SIZE,
      connectionTimeoutMillis: QUERY_DEADLINE_MS,
      query_timeout: QUERY_DEADLINE_MS,
    });
    pool.on('error', (error) => log.warn({ err: error }, 'An idle database connection was lost'));
    closers.push(() => soon(pool.end()));
    const keyring = await unlockKeyring(config, pool);
    const eventLog = await openPostgresEventLog({ connectionString, streamPrefix: config.streamPrefix });
    closers.push(() => soon(eventLog.close()));
    const authenticator = await openAuthenticator(config, log);
    return { config, log: eventLog, pool, authenticator, credentialTypes, keyring, localPostgres, close };
  } catch (error) {
    await close();
    throw error;
  }
};
