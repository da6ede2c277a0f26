import { CreateLoad } from './create-load.js';
import { untilReady } from './creates.js';
import type { Cluster } from './installation.js';
import type { Load } from './load.js';
import type { Report, Sizes } from './report.js';
import { startServerProcess } from './server-process.js';
import { median, quantile } from './statistics.js';

const BUSY_CONNECTIONS = 200;

const shown = (rounds: readonly Load[]): string => {
  const [p50, p99] = [0.5, 0.99].map((part) => median(rounds.map(({ latenciesMs }) => quantile(latenciesMs, part))));
  return `${p50?.toFixed(1)} ms (p99 ${p99?.toFixed(0)} ms)`;
};

/** What a write of one account takes while another account has many connections, against what it takes alone. */
export const benchFairness = async (cluster: Cluster, sizes: Sizes, report: Report): Promise<void> => {
  const installation = await cluster.createInstallation('fairness');
  const server = await startServerProcess({ program: 'all-in-one', installation, profileDir: report.profileDir });
  const busy = await CreateLoad.open(server, BUSY_CONNECTIONS);
  const quiet = await CreateLoad.open(server, 1);
  try {
    const [hot, calm] = [await quiet.registerAccounts(1), await quiet.registerAccounts(1)];
    await Promise.all([busy.run(hot, sizes.warmUpMs), quiet.run(calm, sizes.warmUpMs)]);
    await untilReady(server);
    const alone: Load[] = [];
    const beside: Load[] = [];
    for (let round = 0; round < sizes.rounds; round += 1) {
      alone.push(await quiet.run(calm, sizes.roundMs));
      const [, disturbed] = await Promise.all([busy.run(hot, sizes.roundMs), quiet.run(calm, sizes.roundMs)]);
      beside.push(disturbed);
      await untilReady(server);
    }
    report.add({
      what: `create in one account, while ${BUSY_CONNECTIONS} connections create in another`,
      measured: shown(beside),
      reference: `${shown(alone)} alone`,
      ratios: beside.map(({ latenciesMs }, round) => median(latenciesMs) / median(alone[round]?.latenciesMs ?? [NaN])),
      goal: {},
    });
  } finally {
    busy.close();
    quiet.close();
    await server.stop();
  }
};
