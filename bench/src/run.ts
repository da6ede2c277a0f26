import { cpus, loadavg, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchCatchUp } from './catch-up.js';
import { benchCreates } from './creates.js';
import { startCluster, type Cluster } from './installation.js';
import { benchListing, type Filled } from './listing.js';
import { Report, type Sizes } from './report.js';
import { LogSeed } from './seed-log.js';

const USAGE = `Usage: npm run bench -- [--quick] [--only creates|reads] [--profile]
  --quick    small sizes, under a minute: to see that everything runs, not for figures
  --only     a part of the benchmarks
  --profile  a CPU profile of each server, in bench/out`;

const full: Sizes = {
  rounds: 5,
  roundMs: 4_000,
  warmUpMs: 3_000,
  accounts: 1_000,
  credentials: 1_000_000,
  slice: 100_000,
  readsPerRound: 400,
};

const quick: Sizes = {
  rounds: 5,
  roundMs: 400,
  warmUpMs: 400,
  accounts: 100,
  credentials: 10_000,
  slice: 2_000,
  readsPerRound: 40,
};

const SMALL_INSTALLATION = 1_000;

const facts = async (cluster: Cluster, sizes: Sizes): Promise<readonly string[]> => [
  `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ` +
    `${release()}, Node.js ${process.version}; load average at the start ${loadavg()[0]?.toFixed(1)}`,
  `PostgreSQL: ${await cluster.describe()}`,
  'Client, server and PostgreSQL share this machine. 64 connections; ' +
    `${sizes.rounds} alternating rounds of ${sizes.roundMs / 1000} s each.`,
];

const fill = async (cluster: Cluster, name: string, credentials: number): Promise<Filled & { seed: LogSeed }> => {
  const installation = await cluster.createInstallation(name);
  const seed = await LogSeed.create(installation, credentials);
  return { installation, accountIds: seed.accountIds, credentials, seed };
};

const benchReads = async (cluster: Cluster, sizes: Sizes, report: Report): Promise<void> => {
  const small = await fill(cluster, 'small', SMALL_INSTALLATION);
  const large = await fill(cluster, 'large', sizes.credentials);
  await benchCatchUp(large.installation, sizes, report);
  for (const { seed } of [small, large]) {
    await seed.revokeSome();
    await seed.close();
  }
  await benchListing(small, large, sizes, report);
};

const run = async (): Promise<void> => {
  const options = { quick: { type: 'boolean' }, profile: { type: 'boolean' }, only: { type: 'string' } } as const;
  const { values } = parseArgs({ options });
  const sizes = values.quick === true ? quick : full;
  const outDir = fileURLToPath(new URL('../out', import.meta.url));
  const report = new Report(outDir, values.profile === true ? outDir : null);
  const cluster = await startCluster();
  try {
    const described = await facts(cluster, sizes);
    if (values.only !== 'reads') {
      await benchCreates(cluster, sizes, report, 'paused');
      await benchCreates(cluster, sizes, report, 'running');
    }
    if (values.only !== 'creates') await benchReads(cluster, sizes, report);
    await report.finish(described);
  } finally {
    await cluster.remove();
  }
};

try {
  await run();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n${USAGE}\n`);
  process.exitCode = 1;
}
