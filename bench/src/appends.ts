import { accountStream, toId } from '@keyledger/domain';
import { randomBytes, randomUUID } from 'node:crypto';
import { NO_STREAM, type EventLog } from '@keyledger/event-log';
import { v7 as uuidV7 } from 'uuid';
import type { Cluster } from './installation.js';
import { load, type Load } from './load.js';
import { ReferenceInserts } from './reference-inserts.js';
import type { Report, Sizes } from './report.js';
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

/** The adapter of the log alone, without the services, against one-row inserts with as many connections. */
export const benchAppends = async (cluster: Cluster, sizes: Sizes, report: Report): Promise<void> => {
  const installation = await cluster.createInstallation('appends');
  const log = await installation.openLog();
  try {
    for (const shape of shapes) {
      const inserts = await ReferenceInserts.open(installation, shape.inFlight);
      const rounds: { readonly appended: Load; readonly inserted: Load }[] = [];
      const appendFor = (durationMs: number): Promise<Load> =>
        appends(log, installation.streamPrefix, shape, durationMs);
      await appendFor(sizes.warmUpMs);
      await inserts.run(bytes, sizes.warmUpMs);
      for (let round = 0; round < sizes.rounds; round += 1) {
        const inserted = await inserts.run(bytes, sizes.roundMs);
        rounds.push({ inserted, appended: await appendFor(sizes.roundMs) });
      }
      await inserts.close();
      const perSecond = ({ appended }: (typeof rounds)[number]): number => appended.perSecond * shape.events;
      const p99 = median(rounds.map(({ appended }) => quantile(appended.latenciesMs, 0.99)));
      report.add({
        what: `log alone, ${shape.events} event${shape.events > 1 ? 's' : ''} an append, ${shape.inFlight} in flight`,
        measured: `${median(rounds.map(perSecond)).toFixed(0)} events/s (p99 ${p99.toFixed(1)} ms)`,
        reference: `${median(rounds.map(({ inserted }) => inserted.perSecond)).toFixed(0)} one-row inserts/s`,
        ratios: rounds.map((round) => perSecond(round) / round.inserted.perSecond),
        goal: {},
      });
    }
  } finally {
    await log.close();
  }
};
