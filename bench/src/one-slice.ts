import { loadCredentialTypes, logger, openAuthenticator, parseConfig, startServer } from '@keyledger/edge';
import { openPostgresEventLog } from '@keyledger/event-log';
import { IssuingModule, issuingSchema } from '@keyledger/issuing';
import { ListingModule } from '@keyledger/listing';
import { openKeyring } from '@keyledger/secrets';
import pg from 'pg';

// A server of one slice, with the product's own parts and settings: `one-slice.js issuing|listing`. The write side
// alone has nothing that follows the log; the listing alone does not wait for other followers.
const POOL_SIZE = 20;

const config = parseConfig(process.env);
const { databaseUrl, masterKey } = config;
if (databaseUrl === null || masterKey === null) throw new Error('This server needs a database and a master key.');
const pool = new pg.Pool({ connectionString: databaseUrl, max: POOL_SIZE });
const keyring = await openKeyring(pool, issuingSchema(config), masterKey.export());
const log = await openPostgresEventLog({ connectionString: databaseUrl, streamPrefix: config.streamPrefix });
const authenticator = await openAuthenticator(config, logger(config));
const credentialTypes = loadCredentialTypes(config.credentialTypesDir);
const slice = process.argv[2] === 'issuing' ? IssuingModule.register(keyring) : ListingModule;
const server = await startServer({ config, log, pool, authenticator, credentialTypes }, [slice]);
process.stdout.write(`HTTP ${server.httpUrl}\n`);

const stop = async (): Promise<void> => {
  await server.close();
  await log.close();
  await pool.end();
  process.exit(0);
};
process.once('SIGTERM', () => void stop());
