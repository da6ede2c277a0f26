import { auditProjection } from '@keyledger/audit';
import { ConfigError, explain, openEventLog, parseConfig, type Config } from '@keyledger/edge';
import { rebuildProjection, type Projection } from '@keyledger/read-models';
import { listingProjection } from '@keyledger/listing';
import pg from 'pg';
import { openDatabase } from './open-database.js';

const projections: Readonly<Record<string, (config: Config) => Projection>> = {
  audit: auditProjection,
  listing: listingProjection,
};

const rebuild = async (config: Config, projection: Projection): Promise<boolean> => {
  const database = await openDatabase(config);
  const pool = new pg.Pool({ connectionString: database.url });
  pool.on('error', () => undefined);
  try {
    const log = await openEventLog(config, database.url, (line) => void process.stderr.write(`${line}\n`));
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
