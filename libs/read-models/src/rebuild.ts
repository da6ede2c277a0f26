import { createHash } from 'node:crypto';
import {
  comparePositions,
  isPositionOf,
  LogReplaced,
  type Anchor,
  type EventLog,
  type FollowItem,
  type Position,
  type RecordedEvent,
} from '@keyledger/event-log';
import { alone, lockUntilCommit, transactionOn } from '@keyledger/postgres';
import type pg from 'pg';
import { CheckpointTable } from './checkpoint.js';
import { PostgresSink } from './postgres-sink.js';
import { type Projection, createTables, tablesKey, versionOfTables } from './projection.js';

/** What came of a rebuild. Equal hashes show that the live tables were exactly what the log says. */
interface RebuildReport {
  /** Both sets of tables contain the log up to here. */
  readonly position: Position;
  /** Null where there were no tables of this version to compare with. */
  readonly liveHash: string | null;
  readonly rebuiltHash: string;
  /**
   * False if the hashes differ, null where there was nothing to compare. The rebuilt tables serve all the same, because
   * the log is the truth; what they replaced stays in the schema `<schema>_replaced`, for a person to find out why.
   */
  readonly equal: boolean | null;
  /** True where the live tables came from another log, or a later state of this one. They are kept in the same way. */
  readonly logReplaced: boolean;
  /** What the log has lost, where it was replaced and the projection can tell. */
  readonly lost: object | null;
}

/** What is rebuilt from where. */
interface Rebuild {
  readonly live: Projection;
  readonly next: Projection;
  /** Those of `next`. */
  readonly tables: PostgresSink;
  readonly log: EventLog;
  readonly pool: pg.Pool;
  /** What the live tables contain is then no measure of how far to go, nor of what should come out. */
  readonly logReplaced: boolean;
}

/** With fewer events to go than a follower's page, the live follower can be held up for the rest. */
const SHORT_REST = 1_000;
const MAX_ROUNDS = 20;
const REST_DEADLINE_MS = 20_000;

/** Rows may lie in any order, so that of two tables with the same rows neither is "first". */
const hashOf = async (client: pg.ClientBase, { tables }: Projection, schema: string): Promise<string> => {
  const hash = createHash('sha256');
  for (const table of tables) {
    const { rows } = await client.query<{ content: string }>(
      `select concat_ws(' ', count(*), sum(hashtextextended(whole_row::text, 0)::numeric),
         sum(hashtextextended(whole_row::text, 1)::numeric)) as content
       from ${schema}.${table} whole_row`,
    );
    hash.update(`${table} ${rows[0]?.content}\n`);
  }
  return hash.digest('hex');
};

type Live = Pick<Rebuild, 'live' | 'pool'>;

/** The last event in the live tables; null if there are none of this version, or none that contain anything. */
const liveAnchor = async ({ live, pool }: Live, client: pg.ClientBase): Promise<Anchor | null> => {
  if ((await versionOfTables(client, live.schema)) !== live.version) return null;
  return (await new CheckpointTable(pool, live.schema).read())?.anchor ?? null;
};

/** Where the live tables stand in this log; null if they do not. */
const livePosition = async (rebuild: Rebuild, client: pg.ClientBase): Promise<Position | null> =>
  rebuild.logReplaced ? null : ((await liveAnchor(rebuild, client))?.position ?? null);

/** Whether the event is no longer where it was. To follow the log from there is what tells. */
const isReplaced = async (log: EventLog, anchor: Anchor): Promise<boolean> => {
  const stop = new AbortController();
  try {
    for await (const item of log.follow(anchor, stop.signal)) if (item.kind !== 'unavailable') return false;
    return false;
  } catch (error) {
    if (error instanceof LogReplaced) return true;
    throw error;
  } finally {
    stop.abort();
  }
};

const rename = async (client: pg.ClientBase, live: string, next: string): Promise<void> => {
  const { rows } = await client.query<{ present: boolean }>('select to_regnamespace($1) is not null as present', [
    live,
  ]);
  if (rows[0]?.present === true) await client.query(`alter schema ${live} rename to ${live}_replaced`);
  await client.query(`alter schema ${next} rename to ${live}`);
};

const replacedBelow = ({ name, schema }: Projection): LogReplaced =>
  new LogReplaced(
    `What ${name} contains is not in this log: the log was replaced, or restored from an older backup. Restore the ` +
      `right log, or drop the schemas that begin with ${schema} to build ${name} from this one at the next start.`,
  );

/** The events of the item up to `target`, and whether it shows that no more of them come. */
const upTo = (target: Position, item: FollowItem): { events: readonly RecordedEvent[]; isPast: boolean } => {
  if (item.kind !== 'events') return { events: [], isPast: item.kind === 'caught-up' };
  const events = item.events.filter(({ position }) => comparePositions(position, target) <= 0);
  return { events, isPast: events.length < item.events.length };
};

const contains = ({ log, live, tables }: Rebuild, position: Position): boolean => {
  if (!isPositionOf(log.logId, position)) throw replacedBelow(live);
  return tables.anchor !== null && comparePositions(tables.anchor.position, position) >= 0;
};

/**
 * Goes on until the new tables contain exactly the events up to `target`, which `take` brings there page by page.
 * Answers how many there were. Throws LogReplaced if no event stands at `target`.
 */
const fillTo = async (
  rebuild: Rebuild,
  target: Position,
  take: (events: readonly RecordedEvent[]) => Promise<boolean>,
  signal = new AbortController().signal,
): Promise<number> => {
  const { log, live, next, tables } = rebuild;
  if (contains(rebuild, target)) return 0;
  let count = 0;
  for await (const item of log.follow(tables.anchor, signal)) {
    const { events, isPast } = upTo(target, item);
    if (events.length > 0 && !(await take(events))) throw new Error(`Something else writes into ${next.schema}.`);
    count += events.length;
    if (contains(rebuild, target)) return count;
    if (isPast) throw replacedBelow(live);
  }
  throw new Error(`The log could not be read in time, so ${live.name} is as it was. Try again.`);
};

/** While most of the log is taken in, the live follower goes on; in the end little is left. */
const fillBeside = async (rebuild: Rebuild, client: pg.ClientBase): Promise<void> => {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const target = (await livePosition(rebuild, client)) ?? (await rebuild.log.head());
    const count = await fillTo(rebuild, target, (events) => rebuild.tables.take(events));
    if (count < SHORT_REST) return;
  }
};

/** From tables of this version alone: others may not be as this program thinks. */
const lostFrom = async (client: pg.ClientBase, live: Projection, replaced: string, schema: string) =>
  (await versionOfTables(client, replaced)) === live.version
    ? ((await live.lost?.(client, replaced, schema)) ?? null)
    : null;

const swap = async (rebuild: Rebuild, client: pg.ClientBase): Promise<RebuildReport> => {
  const { live, next, tables, log, logReplaced } = rebuild;
  await lockUntilCommit(client, tablesKey(live.schema));
  // The live follower moves its checkpoint first in each of its transactions, so this lock holds it up and readers not.
  // After the swap it finds its checkpoint where it was, and goes on.
  const hasLive = (await versionOfTables(client, live.schema)) !== null;
  if (hasLive) await client.query(`lock table ${live.schema}.checkpoint in exclusive mode`);
  const liveAt = await livePosition(rebuild, client);
  const position = liveAt ?? (await log.head());
  const deadline = AbortSignal.timeout(REST_DEADLINE_MS);
  await fillTo(rebuild, position, (events) => tables.takeIn(client, events), deadline);
  const liveHash = liveAt === null ? null : await hashOf(client, live, live.schema);
  const rebuiltHash = await hashOf(client, next, next.schema);
  const lost = logReplaced ? await lostFrom(client, live, live.schema, next.schema) : null;
  await rename(client, live.schema, next.schema);
  const equal = liveHash === null ? null : liveHash === rebuiltHash;
  return { position, liveHash, rebuiltHash, equal, logReplaced, lost };
};

/**
 * Makes the tables of `live` anew from the whole log, beside the live ones, and puts them in their place in one
 * transaction. Services go on meanwhile; where the log was replaced, they have to be started again.
 */
export const rebuildProjection = (live: Projection, log: EventLog, pool: pg.Pool): Promise<RebuildReport> => {
  const next = { ...live, schema: `${live.schema}_rebuild` };
  const dropReplaced = `drop schema if exists ${live.schema}_replaced cascade`;
  return alone(pool, tablesKey(next.schema), async (client) => {
    await client.query(`drop schema if exists ${next.schema} cascade; ${dropReplaced}`);
    await createTables(pool, next);
    const anchor = await liveAnchor({ live, pool }, client);
    const logReplaced = anchor !== null && (await isReplaced(log, anchor));
    const rebuild = { live, next, tables: new PostgresSink(pool, next), log, pool, logReplaced };
    await fillBeside(rebuild, client);
    const report = await transactionOn(client, () => swap(rebuild, client));
    // Not in the transaction of the swap: it would wait for readers of the old tables while it holds everyone up.
    if (report.equal !== false && !report.logReplaced) await client.query(dropReplaced);
    return report;
  });
};

/**
 * What the log had lost when these tables were last rebuilt, as far as what they replaced is still kept; null where it
 * is not, or where the log was replaced again since.
 */
export const lostBefore = (live: Projection, log: EventLog, pool: pg.Pool): Promise<object | null> =>
  alone(pool, tablesKey(`${live.schema}_rebuild`), async (client) => {
    const anchor = await liveAnchor({ live, pool }, client);
    if (anchor === null || (await isReplaced(log, anchor))) return null;
    return lostFrom(client, live, `${live.schema}_replaced`, live.schema);
  });
