import { performance } from 'node:perf_hooks';
import { prepareTables, type Projection } from '@keyledger/edge';
import { openPostgresEventLog, parsePosition, runFollower, type EventLog, type Position } from '@keyledger/event-log';
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

interface Progress {
  readonly events: number;
  readonly perSecond: number;
}

/** Lets a follower apply events until the tables contain `target`, and stops it. */
const catchUp = async ({ log, pool }: Bench, projection: Projection, target: Position): Promise<Progress> => {
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
  const before = (await follower.checkpoint())?.anchor?.position;
  const reached = await follower.waitForPosition(target, DEADLINE_MS);
  stopping.abort();
  await follower.done;
  const seconds = (performance.now() - startedMs) / 1000;
  const after = (await follower.checkpoint())?.anchor?.position;
  const { state, reason } = follower.status();
  if (!reached || after === undefined) throw new Error(`The follower is ${state}: ${reason ?? 'it is too slow'}`);
  const events = placeOf(after) - (before === undefined ? 0 : placeOf(before));
  return { events, perSecond: events / seconds };
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
  await prepareTables(bench.pool, projection);
  const copies = await RowCopies.create(bench.pool, projection.schema, `copies_${name}`);
  const measured = await round(bench, projection, copies, positionAt(bench, events));
  await copies.drop();
  await bench.pool.query(`drop schema ${projection.schema} cascade`);
  return measured;
};

/**
 * A follower that catches up with a log, against multi-row inserts of the rows that it writes. The whole log is taken in
 * slices that alternate with the inserts of the same slice, so that both see tables of the same size. Leaves the
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
    await prepareTables(pool, projection);
    const copies = await RowCopies.create(pool, projection.schema, 'copies');
    const long: Round[] = [];
    const end = placeOf(await log.head());
    for (let target = 0; target < end;) {
      target = Math.min(end, target + sizes.slice);
      long.push(await round(bench, projection, copies, positionAt(bench, target)));
      // The follower may have gone further; less than a page is not worth a round.
      const done = long.reduce((sum, { follower }) => sum + follower.events, 0);
      target = Math.max(target, end - done < sizes.slice / 2 ? end : done);
    }
    await copies.drop();
    note(report, `catch-up of the listing, ${end} events in ${long.length} slices`, long);
  } finally {
    await log.close();
    await pool.end();
  }
};
