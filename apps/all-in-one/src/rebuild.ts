import type { LostEvents } from '@keyledger/audit';
import { ConfigError, explain, loadCredentialTypes, openEventLog, parseConfig, type Config } from '@keyledger/edge';
import { revokeAgain } from '@keyledger/issuing';
import type { EventLog } from '@keyledger/event-log';
import { openPool } from '@keyledger/postgres';
import { lostBefore, rebuildProjection, type Projection } from '@keyledger/read-models';
import type pg from 'pg';
import { openDatabase } from './open-database.js';
import { slices } from './slices.js';

const REVOKE_AGAIN = '--revoke-again';
/** The read model that can tell what a log has lost, event by event. */
const TRAIL = 'audit';

interface Grounds {
  readonly config: Config;
  readonly projection: Projection;
  readonly log: EventLog;
  readonly pool: pg.Pool;
}

const projectionsOf = (config: Config): readonly Projection[] =>
  slices.flatMap(({ projections = [] }) => projections.map((define) => define(config)));

const print = (report: object): void => void process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);

/** False if a person has to look at something. */
const rebuild = async ({ projection, log, pool }: Grounds): Promise<boolean> => {
  const report = await rebuildProjection(projection, log, pool);
  print(report);
  return report.equal !== false;
};

/** What the last rebuild has found, or this one does if nothing is kept of an earlier one. */
const rebuildAndRevoke = async ({ config, projection, log, pool }: Grounds): Promise<boolean> => {
  const kept = await lostBefore(projection, log, pool);
  const report = kept === null ? await rebuildProjection(projection, log, pool) : { lost: kept };
  const lost = report.lost as LostEvents | null;
  const types = loadCredentialTypes(config.credentialTypesDir);
  const { revoked, refused } = await revokeAgain({ config, log, pool, types }, lost?.validAgain ?? []);
  print({ ...report, revokedAgain: revoked, notRevoked: refused });
  return refused.length === 0;
};

const run = async (config: Config, projection: Projection, revokes: boolean): Promise<boolean> => {
  const database = await openDatabase(config);
  const pool = openPool(database.url);
  try {
    const log = await openEventLog(config, database.url, (line) => void process.stderr.write(`${line}\n`));
    const grounds = { config, projection, log, pool };
    return await (revokes ? rebuildAndRevoke(grounds) : rebuild(grounds)).finally(() => log.close());
  } finally {
    await pool.end();
    await database.stop();
  }
};

const usageOf = (projections: readonly Projection[]): string => {
  const names = projections.map((known) => known.name).join('|');
  return `Usage: npm run rebuild -- ${names}, or npm run rebuild -- ${TRAIL} ${REVOKE_AGAIN}`;
};

const asksForHelp = ([first]: readonly string[]): boolean => first === '--help' || first === '-h';

const obey = async (config: Config, [name, ...flags]: readonly string[]): Promise<boolean> => {
  const projections = projectionsOf(config);
  const projection = projections.find((known) => known.name === name);
  const revokes = flags.length === 1 && flags[0] === REVOKE_AGAIN && name === TRAIL;
  if (projection === undefined || (flags.length > 0 && !revokes)) throw new ConfigError([usageOf(projections)]);
  return run(config, projection, revokes);
};

try {
  const args = process.argv.slice(2);
  // Help is given whatever the settings are.
  if (asksForHelp(args)) process.stdout.write(`${usageOf(projectionsOf(parseConfig({})))}\n`);
  else process.exitCode = (await obey(parseConfig(process.env), args)) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${explain('rebuild', error)}\n`);
  process.exitCode = 1;
}
