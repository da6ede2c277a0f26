import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { CreateLoad } from './create-load.js';
import { HttpConnection } from './http-connection.js';
import { requestText } from './http-requests.js';
import type { Cluster } from './installation.js';
import type { Load } from './load.js';
import { ReferenceInserts, sampleEvent } from './reference-inserts.js';
import type { Report, Sizes } from './report.js';
import { startServerProcess, type ServerProcess } from './server-process.js';
import { median, quantile } from './statistics.js';

export const CONNECTIONS = 64;
const CATCH_UP_DEADLINE_MS = 120_000;

type Case = 'reference' | 'many accounts' | 'many accounts, Idempotency-Key' | 'one hot account';
type Measured = ReadonlyMap<Case, readonly Load[]>;

/** Followers that still work on the last round must not slow the next one down. */
export const untilReady = async (server: ServerProcess): Promise<number> => {
  const startedMs = performance.now();
  const connection = await HttpConnection.open(server.url);
  const text = requestText('GET /health/ready', server.token);
  while ((await connection.request(text)).status !== 200) {
    if (performance.now() > startedMs + CATCH_UP_DEADLINE_MS) throw new Error('The followers do not catch up.');
    await delay(50);
  }
  connection.close();
  return performance.now() - startedMs;
};

const measure = async (
  server: ServerProcess,
  runs: ReadonlyMap<Case, () => Promise<Load>>,
  rounds: number,
): Promise<Measured> => {
  const measured = new Map<Case, Load[]>([...runs.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of runs) {
      measured.get(name)?.push(await run());
      const waitedMs = await untilReady(server);
      process.stderr.write(
        `  round ${round + 1}, ${name}: ${measured.get(name)?.at(-1)?.perSecond.toFixed(0)}/s,` +
          ` followers done after ${(waitedMs / 1000).toFixed(1)} s\n`,
      );
    }
  }
  return measured;
};

const note = (report: Report, followers: string, measured: Measured): void => {
  const references = measured.get('reference') ?? [];
  for (const [name, loads] of measured) {
    if (name === 'reference') continue;
    const ratios = loads.map(({ perSecond }, round) => perSecond / (references[round]?.perSecond ?? NaN));
    const p99 = median(loads.map(({ latenciesMs }) => quantile(latenciesMs, 0.99)));
    const goals: Partial<Record<Case, number>> = { 'many accounts': 0.7, 'one hot account': 0.5 };
    report.add({
      what: `create in ${name}, followers ${followers}`,
      measured: `${median(loads.map(({ perSecond }) => perSecond)).toFixed(0)}/s (p99 ${p99.toFixed(0)} ms)`,
      reference: `${median(references.map(({ perSecond }) => perSecond)).toFixed(0)} one-row inserts/s`,
      ratios,
      goal: followers === 'paused' ? { atLeast: goals[name] } : {},
    });
  }
};

/** Creating credentials over HTTP against one-row inserts by as many connections, in the same PostgreSQL. */
export const benchCreates = async (
  cluster: Cluster,
  sizes: Sizes,
  report: Report,
  followers: 'paused' | 'running',
): Promise<void> => {
  const installation = await cluster.createInstallation(`creates_${followers}`);
  const program = followers === 'paused' ? 'command-service' : 'all-in-one';
  const server = await startServerProcess({ program, installation, profileDir: report.profileDir });
  const creates = await CreateLoad.open(server, CONNECTIONS);
  const inserts = await ReferenceInserts.open(installation, CONNECTIONS);
  try {
    const accountIds = await creates.registerAccounts(sizes.accounts);
    const hot = await creates.registerAccounts(1);
    await creates.run(accountIds, sizes.warmUpMs);
    const event = await sampleEvent(installation);
    await inserts.run(event, sizes.warmUpMs);
    await untilReady(server);
    const runs = new Map<Case, () => Promise<Load>>([
      ['reference', () => inserts.run(event, sizes.roundMs)],
      ['many accounts', () => creates.run(accountIds, sizes.roundMs)],
      ['many accounts, Idempotency-Key', () => creates.run(accountIds, sizes.roundMs, true)],
      ['one hot account', () => creates.run(hot, sizes.roundMs)],
    ]);
    note(report, followers, await measure(server, runs, sizes.rounds));
  } finally {
    creates.close();
    await inserts.close();
    await server.stop();
  }
};
