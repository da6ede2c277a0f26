import { auditProjection } from '@keyledger/audit';
import {
  ConfigError,
  explain,
  openEventLog,
  parseConfig,
  rebuildProjection,
  type Config,
  type Projection,
} from '@keyledger/edge';
import { listingProjection } from '@keyledger/listing';
import { findLocalPostgres, startLocalPostgres } from '@keyledger/local-postgres';
import pg from 'pg';

const projections: Readonly<Record<string, (config: Config) => Projection>> = {
  audit: auditProjection,
  listing: listingProjection,
};

/** The user's own database, the embedded one of a running Keyledger, or the embedded one started for this alone. */
const openDatabase = async (config: Config): Promise<{ readonly url: string; stop(): Promise<void> }> => {
  const running = config.databaseUrl ?? (await findLocalPostgres(config.dataDir));
  return running === null
    ? startLocalPostgres({ dataDir: config.dataDir })
    : { url: running, stop: () => Promise.resolve() };
};

const rebuild = async (config: Config, projection: Projection): Promise<boolean> => {
  const database = await openDatabase(config);
  const pool = new pg.Pool({ connectionString: database.url });
  pool.on('error', () => undefined);
  try {
    const log = await openEventLog(config, database.url);
    const report = await rebuildProjection(projection, log, pool).finally(() => log.close());
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return report.equal;
  } finally {
    await pool.end();
    await database.stop();
  }
};

try {
  const [name = ''] = process.argv.slice(2);
  const define = projections[name];
  if (define === undefined) throw new ConfigError([`Usage: npm run rebuild -- ${Object.keys(projections).join('|')}`]);
  const config = parseConfig(process.env);
  process.exitCode = (await rebuild(config, define(config))) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${explain('rebuild', error)}\n`);
  process.exitCode = 1;
}
