import { CreateLoad } from './create-load.js';
import { CONNECTIONS, untilReady } from './creates.js';
import type { Cluster } from './installation.js';
import type { Load } from './load.js';
import type { Report, Sizes } from './report.js';
import { startServerProcess, type ServerProcess } from './server-process.js';
import { median } from './statistics.js';

const COUNTS = [0, 2, 4, 8] as const;

interface Round {
  readonly perSecond: number;
  /** CPU time of the server for one creation, its followers included. */
  readonly cpuMs: number;
}

const measure = async (server: ServerProcess, creates: () => Promise<Load>, idle: number): Promise<Round> => {
  const beforeMs = await server.follow(idle);
  const { perSecond, latenciesMs } = await creates();
  await untilReady(server);
  const cpuMs = ((await server.follow(0)) - beforeMs) / latenciesMs.length;
  process.stderr.write(`  ${idle} idle followers more: ${perSecond.toFixed(0)}/s, ${cpuMs.toFixed(3)} ms CPU each\n`);
  return { perSecond, cpuMs };
};

/** What each further follower of the process costs that only reads the events: creations with and without it. */
export const benchFollowers = async (cluster: Cluster, sizes: Sizes, report: Report): Promise<void> => {
  const installation = await cluster.createInstallation('followers');
  const options = { program: 'followed-server', installation, profileDir: report.profileDir } as const;
  const server = await startServerProcess(options);
  const creates = await CreateLoad.open(server, CONNECTIONS);
  try {
    const accountIds = await creates.registerAccounts(sizes.accounts);
    await creates.run(accountIds, sizes.warmUpMs);
    const rounds = new Map<number, Round[]>(COUNTS.map((count) => [count, []]));
    for (let round = 0; round < sizes.rounds; round += 1) {
      // There and back, so that what grows with the log, or with what else the machine does, falls on all alike.
      for (const idle of round % 2 === 0 ? COUNTS : [...COUNTS].reverse()) {
        rounds.get(idle)?.push(await measure(server, () => creates.run(accountIds, sizes.roundMs), idle));
      }
    }
    note(report, rounds);
  } finally {
    creates.close();
    await server.stop();
  }
};

const shown = (rounds: readonly Round[]): string =>
  `${median(rounds.map(({ perSecond }) => perSecond)).toFixed(0)}/s ` +
  `(${median(rounds.map(({ cpuMs }) => cpuMs)).toFixed(3)} ms CPU each)`;

const note = (report: Report, rounds: ReadonlyMap<number, readonly Round[]>): void => {
  const without = rounds.get(0) ?? [];
  for (const [idle, measured] of rounds) {
    if (idle === 0) continue;
    report.add({
      what: `create in many accounts, ${idle} idle followers more`,
      measured: shown(measured),
      reference: `${shown(without)} without`,
      ratios: measured.map(({ perSecond }, round) => perSecond / (without[round]?.perSecond ?? NaN)),
      goal: {},
    });
  }
};
