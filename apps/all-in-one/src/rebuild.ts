import { ConfigError, explain, openEventLog, parseConfig, type Config } from '@keyledger/edge';
import { openPool } from '@keyledger/postgres';
import { rebuildProjection, type Projection } from '@keyledger/read-models';
import { openDatabase } from './open-database.js';
import { slices } from './slices.js';

const projectionsOf = (config: Config): readonly Projection[] =>
  slices.flatMap(({ projections = [] }) => projections.map((define) => define(config)));

const rebuild = async (config: Config, projection: Projection): Promise<boolean> => {
  const database = await openDatabase(config);
  const pool = openPool(database.url);
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
  const config = parseConfig(process.env);
  const projections = projectionsOf(config);
  const projection = projections.find(({ name }) => name === process.argv[2]);
  if (projection === undefined) {
    throw new ConfigError([`Usage: npm run rebuild -- ${projections.map(({ name }) => name).join('|')}`]);
  }
  process.exitCode = (await rebuild(config, projection)) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${explain('rebuild', error)}\n`);
  process.exitCode = 1;
}
