import { performance } from 'node:perf_hooks';
import { type EventLog, type Position } from '@keyledger/event-log';
import { listingProjection } from '@keyledger/listing';
import { PostgresSink, prepareTables, runFollower, type Projection } from '@keyledger/read-models';
import pg from 'pg';
import type { Installation } from './installation.js';
import type { Report, Sizes } from './report.js';
import { RowCopies } from './row-copies.js';
import { median } from './statistics.js';

const DEADLINE_MS = 600_000;

interface Bench {
  readonly log: EventLog;
  readonly pool: pg.Pool;
  readonly streamPrefix: string;
}

/** Positions at which a slice of the log ends. A short rest belongs to the last one. */
const sliceEnds = async (log: EventLog, slice: number): Promise<readonly Position[]> => {
  const ends: Position[] = [];
  let events = 0;
  let last: Position | undefined;
  for await (const item of log.follow(null, new AbortController().signal)) {
    if (item.kind !== 'events') break;
    for (const { position } of item.events) {
      events += 1;
      last = position;
      if (events % slice === 0) ends.push(position);
    }
  }
  if (ends.length > 0 && events % slice < slice / 2) ends.pop();
  return last === undefined ? ends : [...ends, last];
};

/** Lets a follower apply events until the tables contain `target`, and stops it. How many it applied in a second. */
const catchUp = async ({ log, pool }: Bench, projection: Projection, target: Position): Promise<number> => {
  const stopping = new AbortController();
  const startedMs = performance.now();
  let applied = 0;
  const counted: Projection = {
    ...projection,
    apply: (tx, schema, events) => {
      applied += events.length;
      return projection.apply(tx, schema, events);
    },
  };
  const follower = runFollower({ log, sink: new PostgresSink(pool, counted), signal: stopping.signal });
  const reached = await follower.waitForPosition(target, DEADLINE_MS);
  stopping.abort();
  await follower.done;
  const seconds = (performance.now() - startedMs) / 1000;
  if (!reached) throw new Error(`The follower is ${follower.status().state}, and not at ${target} in time.`);
  return applied / seconds;
};

interface Round {
  readonly eventsPerSecond: number;
  readonly insertsPerSecond: number;
}

/** The follower up to `target`, then the rows that it wrote once more by the plain driver. */
const round = async (bench: Bench, projection: Projection, copies: RowCopies, target: Position): Promise<Round> => {
  const eventsPerSecond = await catchUp(bench, projection, target);
  const rows = await copies.newRows();
  const startedMs = performance.now();
  await copies.insert(rows);
  const insertsPerSecond = (rows.length / (performance.now() - startedMs)) * 1000;
  process.stderr.write(`  ${eventsPerSecond.toFixed(0)} events/s, ${insertsPerSecond.toFixed(0)} rows/s\n`);
  return { eventsPerSecond, insertsPerSecond };
};

const note = (report: Report, what: string, rounds: readonly Round[]): void => {
  report.add({
    what,
    measured: `${median(rounds.map(({ eventsPerSecond }) => eventsPerSecond)).toFixed(0)} events/s`,
    reference: `${median(rounds.map(({ insertsPerSecond }) => insertsPerSecond)).toFixed(0)} rows/s`,
    ratios: rounds.map(({ eventsPerSecond, insertsPerSecond }) => eventsPerSecond / insertsPerSecond),
    goal: { atLeast: 0.5 },
  });
};

/** One round on empty tables of its own. */
const roundFromStart = async (bench: Bench, name: string, target: Position): Promise<Round> => {
  const projection = { ...listingProjection(bench), schema: `follower_${name}` };
  await prepareTables(bench.pool, projection);
  const copies = await RowCopies.create(bench.pool, projection.schema, `copies_${name}`);
  const measured = await round(bench, projection, copies, target);
  await copies.drop();
  await bench.pool.query(`drop schema ${projection.schema} cascade`);
  return measured;
};

/**
 * A follower that catches up with a log, against multi-row inserts of the rows that it writes. The whole log is taken
 * in slices that alternate with the inserts of the same slice, so that both see tables of the same size. Leaves the
 * listing's tables filled.
 */
export const benchCatchUp = async (installation: Installation, sizes: Sizes, report: Report): Promise<void> => {
  const { databaseUrl, streamPrefix, openLog } = installation;
  const pool = new pg.Pool({ connectionString: databaseUrl });
  const log = await openLog();
  const bench = { log, pool, streamPrefix };
  try {
    const ends = await sliceEnds(log, sizes.slice);
    const [firstEnd = ''] = ends;
    const short: Round[] = [];
    for (let count = 0; count < sizes.rounds; count += 1) {
      short.push(await roundFromStart(bench, String(count), firstEnd));
    }
    note(report, `catch-up of the listing, ${sizes.slice} events`, short);
    const projection = listingProjection(bench);
    await prepareTables(pool, projection);
    const copies = await RowCopies.create(pool, projection.schema, 'copies');
    const long: Round[] = [];
    for (const end of ends) long.push(await round(bench, projection, copies, end));
    await copies.drop();
    note(report, `catch-up of the listing, ${sizes.credentials} credentials in ${long.length} slices`, long);
  } finally {
    await log.close();
    await pool.end();
  }
};
