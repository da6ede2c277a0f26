import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { deriveKey, KEY_BYTES, open, seal, type Pepper } from './cryptography.js';
import { keyringOf, type Keyring } from './keyring.js';
import { LogBinding } from './log-binding.js';
import { RetainedSecrets } from './retained-secrets.js';
import { tableIn, withSecretsSchema, type SchemaOf } from './secrets-schema.js';

const MASTER_KEY_VERSION = 1;
const FIRST_PEPPER_VERSION = 1;

/** The master key is not the one that the database was first used with. The message says what to do. */
export class WrongMasterKey extends Error {
  constructor() {
    super('The master key does not belong to this database: start with the key that the database was first used with.');
    this.name = 'WrongMasterKey';
  }
}

const checkMasterKey = async (client: PoolClient, schema: string, masterKey: KeyObject): Promise<void> => {
  const table = tableIn(schema, 'key_checks');
  const expected = deriveKey(masterKey, 'master-key-check').export();
  await client.query(`insert into ${table} (version, check_value) values ($1, $2) on conflict do nothing`, [
    MASTER_KEY_VERSION,
    expected,
  ]);
  const { rows } = await client.query<{ check_value: Buffer }>(`select check_value from ${table} where version = $1`, [
    MASTER_KEY_VERSION,
  ]);
  if (!rows[0]?.check_value.equals(expected)) throw new WrongMasterKey();
};

const pepperPlace = (version: number): string[] => ['pepper', String(version)];

const loadPeppers = async (client: PoolClient, schema: string, masterKey: KeyObject): Promise<readonly Pepper[]> => {
  const table = tableIn(schema, 'peppers');
  const key = deriveKey(masterKey, 'peppers');
  const first = seal(key, randomBytes(KEY_BYTES).toString('base64'), pepperPlace(FIRST_PEPPER_VERSION));
  await client.query(`insert into ${table} (version, sealed) values ($1, $2) on conflict do nothing`, [
    FIRST_PEPPER_VERSION,
    first,
  ]);
  const { rows } = await client.query<{ version: number; sealed: Buffer }>(
    `select version, sealed from ${table} order by version`,
  );
  return rows.map(({ version, sealed }) => ({
    version,
    key: createSecretKey(open(key, sealed, pepperPlace(version)), 'base64'),
  }));
};

export interface Secrets {
  readonly keyring: Keyring;
  readonly retained: RetainedSecrets;
}

/**
 * Opens the secrets of an installation, at boot: creates their tables and the first pepper where they are missing.
 * `masterKey` is 32 bytes (RangeError). Throws WrongMasterKey before anything is changed.
 */
export const openSecrets = async (pool: Pool, schemaOf: SchemaOf, masterKey: Uint8Array): Promise<Secrets> => {
  if (masterKey.length !== KEY_BYTES) throw new RangeError(`The master key must be ${KEY_BYTES} bytes long.`);
  const master = createSecretKey(masterKey);
  const peppers = await withSecretsSchema(pool, schemaOf, async (client, schema) => {
    await checkMasterKey(client, schema, master);
    return loadPeppers(client, schema, master);
  });
  const keyring = keyringOf(master, peppers);
  return { keyring, retained: new RetainedSecrets(pool, schemaOf('secrets'), keyring.retainedSecretsKey) };
};

/** What says which log the secrets of an installation belong to, seen from the log `logId`. */
export const openLogBinding = (pool: Pool, schemaOf: SchemaOf, logId: string): Promise<LogBinding> =>
  withSecretsSchema(pool, schemaOf, (_, schema) => Promise.resolve(new LogBinding(pool, schema, logId)));
