import { performance } from 'node:perf_hooks';
import type { Projection } from '@keyledger/edge';
import {
  CheckpointTable,
  openPostgresEventLog,
  parsePosition,
  runFollower,
  type EventLog,
  type Follower,
  type Position,
} from '@keyledger/event-log';
import { listingProjection } from '@keyledger/listing';
import pg from 'pg';
import type { Installation } from './installation.js';
import type { Report, Sizes } from './report.js';
import { RowCopies } from './row-copies.js';
import { median } from './statistics.js';

const DEADLINE_MS = 600_000;

interface Bench {
  readonly log: EventLog;
  readonly pool: pg.Pool;
}

const placeOf = (position: Position): number => Number(`0x${parsePosition(position)?.place ?? ''}`);

const positionAt = ({ log }: Bench, place: number): Position => `${log.logId}-${place.toString(16).padStart(16, '0')}`;

const createTables = async ({ pool }: Bench, projection: Projection): Promise<void> => {
  await pool.query(`create schema ${projection.schema}; ${projection.ddl(projection.schema)}`);
};

interface Progress {
  /** Of the last event applied: it may be a page beyond the one that was asked for. */
  readonly place: number;
  readonly perSecond: number;
}

/** Place of the last event in the tables of a follower; 0 for none. */
const placeReached = async (follower: Follower): Promise<number> => {
  const position = (await follower.checkpoint())?.anchor?.position;
  return position === undefined ? 0 : placeOf(position);
};

/** Lets a follower apply events until the tables contain `target`, and stops it. */
const catchUp = async ({ log, pool }: Bench, projection: Projection, target: Position): Promise<Progress> => {
  await new CheckpointTable(pool, projection.schema).ensure(projection.version);
  const stopping = new AbortController();
  const startedMs = performance.now();
  const follower = runFollower({
    ...projection,
    log,
    pool,
    projectionVersion: projection.version,
    apply: (tx, events) => projection.apply(tx, projection.schema, events),
    signal: stopping.signal,
  });
  const before = await placeReached(follower);
  const reached = await follower.waitForPosition(target, DEADLINE_MS);
  stopping.abort();
  await follower.done;
  const seconds = (performance.now() - startedMs) / 1000;
  if (!reached) throw new Error(`The follower is ${follower.status().state}, and not at ${target} in time.`);
  const place = await placeReached(follower);
  return { place, perSecond: (place - before) / seconds };
};

interface Round {
  readonly follower: Progress;
  readonly insertsPerSecond: number;
}

/** The follower up to `target`, then the rows that it wrote once more by the plain driver. */
const round = async (bench: Bench, projection: Projection, copies: RowCopies, target: Position): Promise<Round> => {
  const follower = await catchUp(bench, projection, target);
  const rows = await copies.newRows();
  const startedMs = performance.now();
  await copies.insert(rows);
  const insertsPerSecond = (rows.length / (performance.now() - startedMs)) * 1000;
  process.stderr.write(`  ${follower.perSecond.toFixed(0)} events/s, ${insertsPerSecond.toFixed(0)} rows/s\n`);
  return { follower, insertsPerSecond };
};

const note = (report: Report, what: string, rounds: readonly Round[]): void => {
  report.add({
    what,
    measured: `${median(rounds.map(({ follower }) => follower.perSecond)).toFixed(0)} events/s`,
    reference: `${median(rounds.map(({ insertsPerSecond }) => insertsPerSecond)).toFixed(0)} rows/s`,
    ratios: rounds.map(({ follower, insertsPerSecond }) => follower.perSecond / insertsPerSecond),
    goal: { atLeast: 0.5 },
  });
};

/** One round on empty tables of its own. */
const roundFromStart = async (bench: Bench, name: string, events: number): Promise<Round> => {
  const projection = { ...listingProjection({ streamPrefix: '' }), schema: `follower_${name}` };
  await createTables(bench, projection);
  const copies = await RowCopies.create(bench.pool, projection.schema, `copies_${name}`);
  const measured = await round(bench, projection, copies, positionAt(bench, events));
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
  const pool = new pg.Pool({ connectionString: installation.databaseUrl });
  const log = await openPostgresEventLog({ connectionString: installation.databaseUrl });
  const bench = { log, pool };
  try {
    const short: Round[] = [];
    for (let count = 0; count < sizes.rounds; count += 1) {
      short.push(await roundFromStart(bench, String(count), sizes.slice));
    }
    note(report, `catch-up of the listing, ${sizes.slice} events`, short);
    const projection = listingProjection({ streamPrefix: '' });
    await createTables(bench, projection);
    const copies = await RowCopies.create(pool, projection.schema, 'copies');
    const long: Round[] = [];
    const end = placeOf(await log.head());
    for (let place = 0; place < end; place = long.at(-1)?.follower.place ?? end) {
      // A short rest belongs to the last slice.
      const target = end - place < 1.5 * sizes.slice ? end : place + sizes.slice;
      long.push(await round(bench, projection, copies, positionAt(bench, target)));
    }
    await copies.drop();
    note(report, `catch-up of the listing, ${end} events in ${long.length} slices`, long);
  } finally {
    await log.close();
    await pool.end();
  }
};
