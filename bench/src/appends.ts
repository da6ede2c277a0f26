import { accountStream, toId } from '@keyledger/domain';
import { randomBytes, randomUUID } from 'node:crypto';
import { NO_STREAM, type EventLog } from '@keyledger/event-log';
import { v7 as uuidV7 } from 'uuid';
import type { Cluster, Installation } from './installation.js';
import { load, type Load } from './load.js';
import { ReferenceAppends } from './reference-appends.js';
import { ReferenceInserts } from './reference-inserts.js';
import type { Figure, Report, Sizes } from './report.js';
import { median, quantile } from './statistics.js';

/** An event of 300 bytes. */
const bytes = {
  data: randomBytes(200),
  metadata: Buffer.from(JSON.stringify({ schemaVersion: 1, filling: 'x'.repeat(68) })),
};

interface Shape {
  readonly inFlight: number;
  readonly events: number;
}

const shapes: readonly Shape[] = [
  { inFlight: 64, events: 1 },
  { inFlight: 16, events: 20 },
];

/** Appends without end, each worker to a stream of its own. */
const appends = (log: EventLog, streamPrefix: string, { inFlight, events }: Shape, durationMs: number): Promise<Load> =>
  load(
    Array.from({ length: inFlight }, () => {
      const streamId = accountStream(streamPrefix, toId('accountId', uuidV7()));
      let revision = NO_STREAM;
      return async (): Promise<void> => {
        const batch = Array.from({ length: events }, () => ({ id: randomUUID(), type: 'Benchmark', ...bytes }));
        const outcome = await log.append(streamId, revision, batch);
        if (outcome.kind !== 'ok') throw new Error(`An append came to ${outcome.kind}.`);
        revision += events;
      };
    }),
    durationMs,
  );

/** What the appends of one shape are held against. */
interface Reference {
  /** As it stands in the table, behind its rate. */
  readonly name: string;
  /** Events that each of its operations stores. */
  readonly events: number;
  run(durationMs: number): Promise<Load>;
  close(): Promise<void>;
}

const openReference = async (installation: Installation, shape: Shape): Promise<Reference> => {
  if (installation.settings['KEYLEDGER_EVENT_LOG'] === 'eventstoredb') {
    const client = new ReferenceAppends(installation);
    const run = (durationMs: number): Promise<Load> => client.run(shape, bytes, durationMs);
    return { name: "events/s by the client's own appends", events: shape.events, run, close: () => client.close() };
  }
  const inserts = await ReferenceInserts.open(installation, shape.inFlight);
  const run = (durationMs: number): Promise<Load> => inserts.run(bytes, durationMs);
  return { name: 'one-row inserts/s', events: 1, run, close: () => inserts.close() };
};

/** Only against the client of the same server does a goal make sense. */
const goalOf = (installation: Installation, { events }: Shape): { readonly atLeast?: number } => {
  if (installation.settings['KEYLEDGER_EVENT_LOG'] !== 'eventstoredb') return {};
  return { atLeast: events === 1 ? 0.9 : 0.8 };
};

const benchShape = async (installation: Installation, log: EventLog, shape: Shape, sizes: Sizes): Promise<Figure> => {
  const reference = await openReference(installation, shape);
  const rounds: { readonly appended: Load; readonly referred: Load }[] = [];
  const appendFor = (durationMs: number): Promise<Load> => appends(log, installation.streamPrefix, shape, durationMs);
  await appendFor(sizes.warmUpMs);
  await reference.run(sizes.warmUpMs);
  for (let round = 0; round < sizes.rounds; round += 1) {
    const referred = await reference.run(sizes.roundMs);
    rounds.push({ referred, appended: await appendFor(sizes.roundMs) });
  }
  await reference.close();
  const stored = rounds.map(({ appended }) => appended.perSecond * shape.events);
  const expected = rounds.map(({ referred }) => referred.perSecond * reference.events);
  const p99 = median(rounds.map(({ appended }) => quantile(appended.latenciesMs, 0.99)));
  return {
    what: `log alone, ${shape.events} event${shape.events > 1 ? 's' : ''} an append, ${shape.inFlight} in flight`,
    measured: `${median(stored).toFixed(0)} events/s (p99 ${p99.toFixed(1)} ms)`,
    reference: `${median(expected).toFixed(0)} ${reference.name}`,
    ratios: stored.map((rate, round) => rate / (expected[round] ?? NaN)),
    goal: goalOf(installation, shape),
  };
};

/** The adapter of the log alone, without the services, against the plain driver or client of its store. */
export const benchAppends = async (cluster: Cluster, sizes: Sizes, report: Report): Promise<void> => {
  const installation = await cluster.createInstallation('appends');
  const log = await installation.openLog();
  try {
    for (const shape of shapes) report.add(await benchShape(installation, log, shape, sizes));
  } finally {
    await log.close();
  }
};
