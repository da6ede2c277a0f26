import { performance } from 'node:perf_hooks';
import { startBenchProcess } from './bench-process.js';
import { untilReady } from './creates.js';
import type { IndexFacts, IndexTask } from './index-process.js';
import type { Report, Sizes } from './report.js';
import { startServerProcess } from './server-process.js';
import type { Seeded } from './snapshot-seed.js';
import { median } from './statistics.js';

const PER_ROUND = 20_000;

type Us = IndexFacts['us'];

const told = (us: readonly number[]): string => `${median(us).toFixed(1)} us`;

/** The index in memory: how large it is, how soon it is there, and how little its size counts. */
export const benchVerifyIndex = async (seeded: Seeded, sizes: Sizes, report: Report): Promise<void> => {
  const { settings, databaseUrl } = seeded.installation;
  const { presentations } = seeded;
  const task: IndexTask = { settings, databaseUrl, presentations, rounds: sizes.rounds, perRound: PER_ROUND };
  const child = await startBenchProcess<IndexFacts>('index-process', task, ['--expose-gc']);
  await child.stop();
  const { said } = child;
  const { credentials, us } = said;
  const compareUs = (what: string, reference: string, [one, other]: [keyof Us, keyof Us], atMost: number): void =>
    report.add({
      what,
      measured: `${told(us[one])} CPU`,
      reference: `${reference}: ${told(us[other])} CPU`,
      ratios: us[one].map((each, round) => each / (us[other][round] ?? NaN)),
      goal: { atMost },
    });
  compareUs('verify in process, 1,000 credentials', 'one HMAC-SHA-256', ['few', 'hmac'], 4);
  compareUs(`verify in process, ${credentials} credentials`, 'one HMAC-SHA-256', ['verify', 'hmac'], 4);
  compareUs(`verify in process, ${credentials} credentials`, 'with 1,000', ['verify', 'few'], 1.3);
  compareUs('verify in process, 500 endpoints connected', 'one', ['endpoints', 'oneEndpoint'], 1.3);
  const bytesEach = (what: string, bytes: number): void => {
    const value = bytes / credentials;
    report.addAlone({ what, measured: `${value.toFixed(0)} bytes each`, value, atMost: 200 });
  };
  bytesEach(`memory at ${credentials} credentials, heap and external after GC`, said.heapAndExternalBytes);
  bytesEach(`memory at ${credentials} credentials, RSS`, said.rssBytes);
  const seconds = said.loadedMs / 1000;
  report.addAlone({
    what: `index filled from its tables, ${credentials} credentials`,
    ...{ measured: `${seconds.toFixed(1)} s`, value: seconds, atMost: 10 },
  });
  await benchColdStart(seeded, credentials, report);
};

/** From the start of the process until it says that it is ready. */
const benchColdStart = async ({ installation }: Seeded, credentials: number, report: Report): Promise<void> => {
  const startedMs = performance.now();
  const server = await startServerProcess({ program: 'verification-service', installation, profileDir: null });
  await untilReady(server);
  const seconds = (performance.now() - startedMs) / 1000;
  await server.stop();
  report.addAlone({
    what: `cold start of the verification service, ${credentials} credentials`,
    ...{ measured: `${seconds.toFixed(1)} s until ready`, value: seconds, atMost: 10 },
  });
};
