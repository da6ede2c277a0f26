import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { ConfigError, explain, openEventLog, parseConfig, schemaName, type Config } from '@keyledger/edge';
import { copyLog, parsePosition, type CopyProgress, type CopyReport, type EventLog } from '@keyledger/event-log';
import { openPool } from '@keyledger/postgres';
import { openLogBinding } from '@keyledger/secrets';
import { openDatabase } from './open-database.js';

type Engine = Config['eventLog'];

interface Direction {
  readonly from: Engine;
  readonly to: Engine;
}

const USAGE =
  'Usage: npm run log:copy -- --from postgres --to eventstoredb\n' +
  '       npm run log:copy -- --from eventstoredb --to postgres';

const PROGRESS_EVERY_MS = 2_000;

/** The copy holds what the source begins with, and the source has got more meanwhile. */
const EXIT_GROWN = 2;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const text = { type: 'string' } as const;
const options = { from: text, to: text, help: { type: 'boolean', short: 'h' } } as const;

/** Undefined where the arguments ask for help. */
const directionFrom = (args: readonly string[]): Direction | undefined => {
  try {
    const { from, to, help } = parseArgs({ args: [...args], options }).values;
    if (help === true) return undefined;
    if (from === 'postgres' && to === 'eventstoredb') return { from, to };
    if (from === 'eventstoredb' && to === 'postgres') return { from, to };
  } catch {
    // An unknown argument: the usage says which there are.
  }
  throw new ConfigError([USAGE]);
};

/** The leading 16 digits of a place rise with what lies before it, on both engines. */
const placeOf = (position: string): number => parseInt(parsePosition(position)?.place.slice(0, 16) ?? '0', 16);

/** Says every few seconds how far a copy of the log up to `head` is. */
const tellProgress = (head: string): ((progress: CopyProgress) => void) => {
  let told = { phase: '', events: 0, atMs: performance.now() };
  return ({ phase, events, position }) => {
    const atMs = performance.now();
    if (atMs - told.atMs < PROGRESS_EVERY_MS) return;
    const since = told.phase === phase ? told.events : 0;
    const perSecond = Math.round(((events - since) / (atMs - told.atMs)) * 1000);
    const percent = Math.min(100, Math.floor((placeOf(position) / placeOf(head)) * 100));
    say(`${phase}: ${events} events, about ${percent} % of the log, ${perSecond} events/s`);
    told = { phase, events, atMs };
  };
};

const stopOnSignals = (): AbortSignal => {
  const stopping = new AbortController();
  // A second signal ends the process in its usual way, which loses nothing either.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  return stopping.signal;
};

const copy = async (source: EventLog, target: EventLog): Promise<CopyReport> =>
  copyLog(source, target, {
    signal: stopOnSignals(),
    onProgress: tellProgress(await source.head()),
    onTrouble: say,
  });

/** The source is opened first, and for reading alone; the target is created if it is not there. */
const copyBetween = async (config: Config, { from, to }: Direction, databaseUrl: string): Promise<CopyReport> => {
  const source = await openEventLog({ ...config, eventLog: from, readOnly: true }, databaseUrl, say);
  try {
    const target = await openEventLog({ ...config, eventLog: to, readOnly: false }, databaseUrl, say);
    return await copy(source, target).finally(() => target.close());
  } finally {
    await source.close();
  }
};

/**
 * Whether writers may go on with the copy: it is equal, they are paused, as the settings that this command shares with
 * them say, and the secrets in this database are those of its source.
 */
const allowCopy = async (config: Config, databaseUrl: string, report: CopyReport): Promise<boolean> => {
  if (!report.equal || !config.readOnly) return false;
  const pool = openPool(databaseUrl, { max: 1 });
  try {
    const binding = await openLogBinding(pool, (part) => schemaName(config, part), report.source.logId);
    return await binding.allowCopy(report.target.logId);
  } finally {
    await pool.end();
  }
};

/** Says what to do next, and answers with the exit code. */
const conclude = (config: Config, { equal, difference, source, target }: CopyReport, mayTakeOver: boolean): number => {
  if (difference !== null) {
    say(`The copy is not equal: something else has written to it, or it lost something. ${difference}`);
    return 1;
  }
  if (!equal) {
    say(
      `The copy is equal as far as it goes, but the source got ${source.events - target.events} events meanwhile. ` +
        'Pause all writers with KEYLEDGER_READ_ONLY=true, and copy again.',
    );
    return EXIT_GROWN;
  }
  if (mayTakeOver) return 0;
  if (config.readOnly) {
    say('The copy is equal, but the secrets in this database belong to another log: no writer will start on it.');
    return 1;
  }
  say(
    'The copy is equal for now. So that services may go on with it, pause all writers with KEYLEDGER_READ_ONLY=true, ' +
      'and copy again with the same setting.',
  );
  return 0;
};

/** Answers with the exit code. */
const run = async (direction: Direction): Promise<number> => {
  // Whatever engine the services use, this command needs the settings of both.
  const config = parseConfig(process.env, ['event-store']);
  const database = await openDatabase(config);
  try {
    const report = await copyBetween(config, direction, database.url);
    const mayTakeOver = await allowCopy(config, database.url, report);
    process.stdout.write(`${JSON.stringify({ ...direction, ...report, mayTakeOver }, null, 2)}\n`);
    return conclude(config, report, mayTakeOver);
  } finally {
    await database.stop();
  }
};

try {
  const direction = directionFrom(process.argv.slice(2));
  if (direction === undefined) process.stdout.write(`${USAGE}\n`);
  else process.exitCode = await run(direction);
} catch (error) {
  say(explain('copy the log', error));
  process.exitCode = 1;
}
