import type { Pool } from 'pg';
import { openKeyring, type Keyring } from './keyring.js';
import { LogBinding } from './log-binding.js';
import { RetainedSecrets } from './retained-secrets.js';
import { withSecretsSchema, type SchemaOf } from './secrets-schema.js';

export interface Secrets {
  readonly keyring: Keyring;
  readonly retained: RetainedSecrets;
}

/**
 * Opens the secrets of an installation, at boot: creates their tables and the first pepper where they are missing.
 * `masterKey` is 32 bytes (RangeError). Throws WrongMasterKey before anything is changed.
 */
export const openSecrets = async (pool: Pool, schemaOf: SchemaOf, masterKey: Uint8Array): Promise<Secrets> => {
  const keyring = await openKeyring(pool, schemaOf, masterKey);
  return { keyring, retained: new RetainedSecrets(pool, schemaOf('secrets'), keyring.retainedSecretsKey) };
};

/** What says which log the secrets of an installation belong to, seen from the log `logId`. */
export const openLogBinding = (pool: Pool, schemaOf: SchemaOf, logId: string): Promise<LogBinding> =>
  withSecretsSchema(pool, schemaOf, (_, schema) => Promise.resolve(new LogBinding(pool, schema, logId)));
