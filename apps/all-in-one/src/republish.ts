import { parseArgs } from 'node:util';
import { accountStream, idForms } from '@keyledger/domain';
import { ConfigError, explain, openEventLog, parseConfig, type Config } from '@keyledger/edge';
import {
  comparePositions,
  isBeginning,
  isPositionOf,
  parsePosition,
  positionAt,
  type Anchor,
  type EventLog,
  type Position,
} from '@keyledger/event-log';
import { ReplayStopped, republish, type Replay, type ReplayProgress } from '@keyledger/publishing/republish';
import { openDatabase } from './open-database.js';

const USAGE =
  'Usage: npm run republish -- --from <position|beginning> [--to <position>] [--topic <name>] [--account acct_…]\n' +
  'Sends public events once more: those after --from, up to --to or the end of the log.\n' +
  'A position is the ce_position of an event.';
const BEGINNING = 'beginning';

const PATIENCE_MS = 60_000;
const PROGRESS_EVERY_MS = 2_000;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const text = { type: 'string' } as const;
const help = { type: 'boolean', short: 'h' } as const;
const options = { from: text, to: text, topic: text, account: text, help } as const;

interface Wish {
  readonly from: string;
  readonly to: string | undefined;
  readonly topic: string | undefined;
  readonly account: string | undefined;
}

const wrong = (mistake: string): ConfigError => new ConfigError([mistake, USAGE]);

/** Undefined where the arguments ask for help. */
const wishFrom = (args: readonly string[]): Wish | undefined => {
  try {
    const { from, to, topic, account, help } = parseArgs({ args: [...args], options }).values;
    if (help === true) return undefined;
    if (from === undefined) throw new Error('--from is missing.');
    if (account !== undefined && !idForms.accountId.test(account)) throw new Error('--account must be an account id.');
    return { from, to, topic, account };
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
};

const eventAt = async (log: EventLog, flag: string, position: string): Promise<Anchor> => {
  if (parsePosition(position) === null) throw wrong(`${flag} must be a position.`);
  if (!isPositionOf(log.logId, position))
    throw wrong(`${flag} is a position of another log: this one is ${log.logId}.`);
  const event = await log.anchorAt(position);
  if (event === null) throw wrong(`No event of this log is at the position that ${flag} names.`);
  return event;
};

const meansBeginning = (log: EventLog, position: string): boolean =>
  position === BEGINNING || /^0+$/.test(position) || (isPositionOf(log.logId, position) && isBeginning(position));

const requireAccount = async (log: EventLog, { streamPrefix }: Config, accountId: string): Promise<void> => {
  for await (const events of log.readStream(accountStream(streamPrefix, accountId), 0)) if (events.length > 0) return;
  throw wrong('There is no account with the id that --account names.');
};

const replayFor = async ({ from, to, account }: Wish, log: EventLog, config: Config): Promise<Replay> => {
  const first = meansBeginning(log, from) ? null : await eventAt(log, '--from', from);
  const last = to === undefined ? await log.head() : (await eventAt(log, '--to', to)).position;
  if (first !== null && comparePositions(first.position, last) > 0) throw wrong('--to comes before --from.');
  if (account !== undefined) await requireAccount(log, config, account);
  return { from: first, to: last, accountId: account ?? null };
};

/** Says every few seconds how far it has come. */
const tellProgress = (): ((progress: ReplayProgress) => void) => {
  let toldMs = performance.now();
  return ({ events, position }) => {
    if (performance.now() - toldMs < PROGRESS_EVERY_MS) return;
    say(`${events} events, up to ${position}`);
    toldMs = performance.now();
  };
};

/** npm and the terminal send the same signal twice, so a second one changes nothing. */
const stopOnSignals = (): AbortSignal => {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());
  return stopping.signal;
};

const zeros = (to: Position): Position => {
  const { logId = '', place = '' } = parsePosition(to) ?? {};
  return positionAt(logId, '0'.repeat(place.length));
};

const run = async (wish: Wish): Promise<void> => {
  const topic = wish.topic === undefined ? {} : { KAFKA_TOPIC: wish.topic };
  const config = parseConfig({ ...process.env, ...topic }, ['brokers']);
  const database = await openDatabase(config);
  try {
    const log = await openEventLog({ ...config, readOnly: true }, database.url, say);
    try {
      const replay = await replayFor(wish, log, config);
      const told = { onProgress: tellProgress(), onTrouble: say, signal: stopOnSignals() };
      const { events } = await republish(replay, { log, config, patienceMs: PATIENCE_MS, ...told });
      const from = replay.from?.position ?? zeros(replay.to);
      process.stdout.write(`${JSON.stringify({ events, from, to: replay.to, topic: config.kafkaTopic })}\n`);
    } finally {
      await log.close();
    }
  } finally {
    await database.stop();
  }
};

/** What went wrong, and how to send the rest. */
const onward = ({ message, progress: { events, position } }: ReplayStopped): string =>
  `Keyledger has stopped republishing: ${message}\n${events} events were sent. ` +
  `To send the rest, give the same command with --from ${position ?? BEGINNING}`;

try {
  const wish = wishFrom(process.argv.slice(2));
  if (wish === undefined) process.stdout.write(`${USAGE}\n`);
  else await run(wish);
} catch (error) {
  say(error instanceof ReplayStopped ? onward(error) : explain('republish', error));
  process.exitCode = 1;
}
