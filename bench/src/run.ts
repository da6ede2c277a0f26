import { cpus, loadavg, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchAppends } from './appends.js';
import { benchCatchUp } from './catch-up.js';
import { benchCreates } from './creates.js';
import { startEventStore, type EventStore } from './event-store.js';
import { startCluster, type Cluster } from './installation.js';
import { benchFairness } from './fairness.js';
import { benchFollowers } from './followers.js';
import { benchListing, type Filled } from './listing.js';
import { benchPublishing } from './publishing.js';
import { Report, type Sizes } from './report.js';
import { benchSigning } from './signing.js';
import { LogSeed } from './seed-log.js';
import { benchVerify } from './verify.js';
import { benchWebhooks } from './webhooks.js';

const USAGE = `Usage: npm run bench -- [--quick] [--only PART] [--profile]
  --quick    small sizes, under a minute: to see that everything runs, not for figures
  --only     appends|creates|fairness|followers|publishing|reads|signing|verify|webhooks;
             creates has the first four in it
  --profile  a CPU profile of each server, in bench/out
With KEYLEDGER_EVENT_LOG=eventstoredb the log is in the EventStoreDB of EVENTSTOREDB_URL, or in the tests' own node.`;

const full: Sizes = {
  rounds: 5,
  roundMs: 4_000,
  warmUpMs: 3_000,
  accounts: 1_000,
  credentials: 1_000_000,
  slice: 100_000,
  readsPerRound: 400,
  verified: 100_000,
};

const quick: Sizes = {
  rounds: 5,
  roundMs: 400,
  warmUpMs: 400,
  accounts: 100,
  credentials: 10_000,
  slice: 2_000,
  readsPerRound: 40,
  verified: 2_000,
};

const SMALL_INSTALLATION = 1_000;
const MOST_IN_EVENT_STORE = 200_000;

const facts = async (cluster: Cluster, eventStore: EventStore | null, sizes: Sizes): Promise<readonly string[]> => [
  `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ` +
    `${release()}, Node.js ${process.version}; load average at the start ${loadavg()[0]?.toFixed(1)}`,
  `PostgreSQL: ${await cluster.describe()}`,
  `The log is in ${eventStore === null ? 'PostgreSQL' : `EventStoreDB: ${eventStore.description}`}.`,
  'Client, server and PostgreSQL share this machine. 64 connections; ' +
    `${sizes.rounds} alternating rounds of ${sizes.roundMs / 1000} s each.`,
];

const fill = async (cluster: Cluster, name: string, credentials: number): Promise<Filled & { seed: LogSeed }> => {
  const installation = await cluster.createInstallation(name);
  const seed = await LogSeed.create(installation, credentials);
  return { installation, accountIds: seed.accountIds, credentials, seed };
};

/** Reading lists does not touch the log, so it is measured beside one engine only. */
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

/** Of a log that the tests' own node can hold in memory. */
const benchCatchUpOnly = async (cluster: Cluster, sizes: Sizes, report: Report): Promise<void> => {
  const credentials = Math.min(sizes.credentials, MOST_IN_EVENT_STORE);
  const { installation, seed } = await fill(cluster, 'large', credentials);
  await benchCatchUp(installation, { ...sizes, credentials }, report);
  await seed.close();
};

const parts = [
  'appends',
  'creates',
  'fairness',
  'followers',
  'publishing',
  'reads',
  'signing',
  'verify',
  'webhooks',
] as const;
type Part = (typeof parts)[number];

interface Wanted {
  readonly sizes: Sizes;
  readonly only: Part | undefined;
  readonly profile: boolean;
}

/** What the arguments ask for; undefined where they make no sense. */
const wanted = (args: readonly string[]): Wanted | undefined => {
  const flag = { type: 'boolean', default: false } as const;
  const options = { quick: flag, profile: flag, only: { type: 'string' } } as const;
  try {
    const { quick: isQuick, profile, only } = parseArgs({ args: [...args], options }).values;
    const part = parts.find((name) => name === only);
    if (part !== only) return undefined;
    return { sizes: isQuick ? quick : full, only: part, profile };
  } catch {
    return undefined;
  }
};

/** PostgreSQL outlives the process that started it, so one that is interrupted has to remove it. */
const removeWhenInterrupted = (cluster: Cluster): void => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      process.on('uncaughtException', () => undefined); // Whatever is under way fails now, and must not end it sooner.
      void cluster.remove().finally(() => process.exit(1));
    });
  }
};

type Wants = (...any: readonly Part[]) => boolean;

const benchWrites = async (wants: Wants, cluster: Cluster, sizes: Sizes, report: Report): Promise<void> => {
  if (wants('creates', 'appends')) await benchAppends(cluster, sizes, report);
  if (wants('creates')) {
    await benchCreates(cluster, sizes, report, 'paused');
    await benchCreates(cluster, sizes, report, 'running');
  }
  if (wants('creates', 'fairness')) await benchFairness(cluster, sizes, report);
  if (wants('creates', 'followers')) await benchFollowers(cluster, sizes, report);
};

const measure = async (
  { sizes, only, profile }: Wanted,
  cluster: Cluster,
  eventStore: EventStore | null,
): Promise<void> => {
  const outDir = fileURLToPath(new URL('../out', import.meta.url));
  const report = new Report(outDir, profile);
  const described = await facts(cluster, eventStore, sizes);
  const wants: Wants = (...any) => only === undefined || any.includes(only);
  await benchWrites(wants, cluster, sizes, report);
  if (wants('reads')) await (eventStore === null ? benchReads : benchCatchUpOnly)(cluster, sizes, report);
  if (wants('publishing')) await benchPublishing(cluster, sizes, report);
  if (wants('signing')) await benchSigning(cluster, sizes, report);
  if (wants('verify')) await benchVerify(cluster, sizes, report);
  if (wants('webhooks')) await benchWebhooks(cluster, sizes, report);
  await report.finish([...described, `Load average at the end ${loadavg()[0]?.toFixed(1)}.`]);
};

const run = async (asked: Wanted): Promise<void> => {
  const eventStore = process.env['KEYLEDGER_EVENT_LOG'] === 'eventstoredb' ? await startEventStore() : null;
  const cluster = await startCluster(eventStore);
  removeWhenInterrupted(cluster);
  try {
    await measure(asked, cluster, eventStore);
  } finally {
    await cluster.remove();
    await eventStore?.stop();
  }
};

const asked = wanted(process.argv.slice(2));
if (asked === undefined) {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 1;
} else {
  await run(asked);
}
