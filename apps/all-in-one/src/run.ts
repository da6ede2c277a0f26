import { unlink } from 'node:fs/promises';
import { AuditModule } from '@keyledger/audit';
import {
  loadCredentialTypes,
  logger,
  openFoundation,
  runUntilStopped,
  startServer,
  type Config,
  type OpenFoundation,
  type RunningServer,
  type Slice,
} from '@keyledger/edge';
import { IssuingModule } from '@keyledger/issuing';
import { ListingModule } from '@keyledger/listing';
import { startLocalPostgres, type LocalPostgres } from '@keyledger/local-postgres';
import { WrongMasterKey } from '@keyledger/secrets';
import { openMasterKeyFile } from './master-key.js';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const greet = (config: Config, server: RunningServer, localPostgres: LocalPostgres | null): void => {
  say(`Keyledger is ready (${Math.round(process.uptime() * 10) / 10} s).`);
  say(`  HTTP      ${server.httpUrl}`);
  say(`  gRPC      ${server.grpcAddress}`);
  say(`  API docs  ${server.httpUrl}/docs`);
  if (localPostgres !== null) say(`  Data      ${localPostgres.location}`);
  if (config.localIssuer) say('  A token   npm run --silent token -- --role operator');
};

/** With the user's own database the master key comes from the settings; else from a file beside the embedded one. */
const openIssuing = async (foundation: OpenFoundation): Promise<Slice> => {
  const { masterKey, dataDir } = foundation.config;
  if (masterKey !== null) return IssuingModule.open(foundation);
  const file = await openMasterKeyFile(dataDir);
  try {
    return await IssuingModule.open(foundation, file.key);
  } catch (error) {
    // A key made just now is the wrong one only because the right one is missing: do not pretend otherwise.
    if (error instanceof WrongMasterKey && file.created) await unlink(file.path);
    throw error;
  }
};

/** The foundation, on the embedded PostgreSQL where the user names none. `localPostgres` is null where one is named. */
const open = async (config: Config) => {
  const { databaseUrl, dataDir } = config;
  if (databaseUrl !== null) return { foundation: await openFoundation(config, databaseUrl), localPostgres: null };
  // Before a database is made: mistakes in these files are mended first.
  loadCredentialTypes(config.credentialTypesDir);
  const log = logger(config);
  const localPostgres = await startLocalPostgres({ dataDir, onLog: (line) => log.info(line) });
  try {
    const foundation = await openFoundation(config, localPostgres.url);
    const close = (): Promise<void> => foundation.close().finally(() => localPostgres.stop());
    return { foundation: { ...foundation, close }, localPostgres };
  } catch (error) {
    await localPostgres.stop();
    throw error;
  }
};

/** Runs all services in this process until it is told to stop. Rejects if it cannot start. */
export const run = (config: Config): Promise<void> =>
  runUntilStopped(async () => {
    const { foundation, localPostgres } = await open(config);
    try {
      const server = await startServer(foundation, [await openIssuing(foundation), ListingModule, AuditModule]);
      greet(config, server, localPostgres);
      return { server, foundation, onStopping: (why) => say(`Stopping: ${why}`), lost: localPostgres?.lost };
    } catch (error) {
      await foundation.close();
      throw error;
    }
  });
