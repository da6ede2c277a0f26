import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Agent } from 'undici';
import { startBenchProcess } from './bench-process.js';
import { HttpConnection } from './http-connection.js';
import { requestText } from './http-requests.js';
import type { Cluster, Installation } from './installation.js';
import type { Report, Sizes } from './report.js';
import { startServerProcess, type ServerProcess } from './server-process.js';
import { median, quantile } from './statistics.js';
import type { Arrivals, ReceiverAddress } from './webhook-receiver.js';

const ENDPOINTS = 100;
/** As many as an account may have. */
const DEAD_OF_ACCOUNT = 50;
/** As the service, of which nothing waits for others at the same host: 24 endpoints that begin, with 8 calls each. */
const IN_FLIGHT = 24 * 8;
const SETTINGS = { KEYLEDGER_WEBHOOK_ALLOW_LOOPBACK: 'true' };
const TYPE = 'invoice.paid';
const LOOK_MS = 20;
const STORED_AT_ONCE = 500;

interface Target {
  readonly accountId: string;
  readonly endpointId: string;
}

interface Bench {
  readonly installation: Installation;
  readonly pool: pg.Pool;
  readonly targets: readonly Target[];
  readonly receiver: string;
  readonly sizes: Sizes;
  readonly report: Report;
}

const note = 'x'.repeat(420);
const bodyNow = (): string => JSON.stringify({ type: TYPE, data: { id: 'inv_018f3c5e', note, atMs: Date.now() } });

const post = async <T>(connection: HttpConnection, path: string, token: string, body: object): Promise<T> => {
  const { status, body: text } = await connection.request(requestText(`POST /v1/accounts${path}`, token, body));
  if (status !== 201 && status !== 202) throw new Error(`A request was answered with ${status}: ${text}`);
  return JSON.parse(text) as T;
};

/** Endpoints of so many accounts each. */
const makeTargets = async (
  { url, token }: ServerProcess,
  receiver: string,
  { accounts, each }: { readonly accounts: number; readonly each: number },
): Promise<Target[]> => {
  const connection = await HttpConnection.open(url);
  const targets: Target[] = [];
  while (targets.length < accounts * each) {
    const { account } = await post<{ account: Target }>(connection, '', token, { name: 'Benchmark' });
    const { accountId } = account;
    await post(connection, `/${accountId}/credentials`, token, { type: 'api_secret' });
    const endpoint = { url: `${receiver}/hook`, types: [TYPE], scheme: 'standard' };
    const path = `/${accountId}/webhook-endpoints`;
    for (let made = 0; made < each; made += 1) {
      const { webhookEndpoint } = await post<{ webhookEndpoint: Target }>(connection, path, token, endpoint);
      targets.push({ accountId, endpointId: webhookEndpoint.endpointId });
    }
  }
  connection.close();
  return targets;
};

const uuidOf = (id: string): string => id.slice(id.indexOf('_') + 1);

/** Messages as the service stores them, while it does not run. */
const fillBacklog = async ({ pool, targets }: Bench, count: number): Promise<void> => {
  for (let done = 0; done < count; done += STORED_AT_ONCE) {
    const some = Array.from({ length: Math.min(STORED_AT_ONCE, count - done) }, (_, index) => ({
      id: randomUUID(),
      target: targets[(done + index) % targets.length] ?? { accountId: '', endpointId: '' },
    }));
    const nothing = some.map(() => null);
    await pool.query('select webhooks.accept($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)', [
      some.map(({ id }) => id),
      some.map(({ target }) => uuidOf(target.accountId)),
      some.map(() => TYPE),
      some.map(() => 'sent'),
      some.map(() => Buffer.from(bodyNow())),
      some.map(() => new Date().toISOString()),
      ...[nothing, nothing, nothing],
      some.map(({ id }) => id),
      some.map(({ target }) => uuidOf(target.endpointId)),
      some.map(() => 'pending'),
    ]);
  }
};

const arrivalsOf = async (receiver: string, count: number): Promise<Arrivals> => {
  while (Number(await (await fetch(`${receiver}/count`)).text()) < count) await sleep(LOOK_MS);
  return (await (await fetch(`${receiver}/report`)).json()) as Arrivals;
};

const perSecond = ({ count, elapsedMs }: Arrivals): number => (count / elapsedMs) * 1000;

const start = ({ installation, report }: Pick<Bench, 'installation' | 'report'>): Promise<ServerProcess> => {
  const { profileDir } = report;
  return startServerProcess({ program: 'webhook-service', installation, profileDir });
};

/** The service is halted while its backlog grows, so that it is as warm as the bare client. */
const deliver = async (bench: Bench, { pid }: ServerProcess, count: number): Promise<number> => {
  process.kill(pid, 'SIGSTOP');
  await fillBacklog(bench, count).finally(() => process.kill(pid, 'SIGCONT'));
  return perSecond(await arrivalsOf(bench.receiver, count));
};

/** The same bytes by the client alone. */
const sendPlainly = async (receiver: string, count: number): Promise<number> => {
  const agent = new Agent({ connections: IN_FLIGHT });
  const signature = `v1,${'A'.repeat(43)}=`;
  let left = count;
  const sendSome = async (): Promise<void> => {
    while ((left -= 1) >= 0) {
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'Keyledger',
        'webhook-id': `msg_${randomUUID()}`,
        'webhook-timestamp': '1795823467',
        'webhook-signature': signature,
      };
      const { body } = await agent.request({
        origin: receiver,
        path: '/hook',
        method: 'POST',
        headers,
        body: bodyNow(),
      });
      await body.text();
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, sendSome));
  await agent.close();
  return perSecond(await arrivalsOf(receiver, count));
};

const benchThroughput = async (bench: Bench): Promise<void> => {
  const { sizes, report, receiver } = bench;
  const count = sizes.slice / 10;
  const ours: number[] = [];
  const plain: number[] = [];
  const server = await start(bench);
  const round = async (): Promise<readonly [number, number]> => [
    await deliver(bench, server, count),
    await sendPlainly(receiver, count),
  ];
  await round();
  while (ours.length < sizes.rounds) {
    const [delivered, sent] = await round();
    process.stderr.write(`  ${delivered.toFixed(0)} deliveries/s, plainly ${sent.toFixed(0)}/s\n`);
    ours.push(delivered);
    plain.push(sent);
  }
  await server.stop();
  report.add({
    what: `deliver a backlog of ${count} webhooks to ${ENDPOINTS} endpoints, one process`,
    measured: `${median(ours).toFixed(0)} deliveries/s`,
    reference: `bare undici, the same bytes, ${IN_FLIGHT} in flight: ${median(plain).toFixed(0)}/s`,
    ratios: ours.map((one, round) => one / (plain[round] ?? NaN)),
    goal: { atLeast: 0.5 },
  });
};

/** From before the request to the arrival, one message after the other to one endpoint after the other. */
const delaysOf = async (bench: Bench, { url, token }: ServerProcess, count: number): Promise<readonly number[]> => {
  const connection = await HttpConnection.open(url);
  for (let sent = 0; sent < count; sent += 1) {
    const { accountId } = bench.targets[sent % bench.targets.length] ?? { accountId: '' };
    const content = { type: TYPE, payload: JSON.parse(bodyNow()) as object };
    await post(connection, `/${accountId}/messages`, token, content);
  }
  connection.close();
  return (await arrivalsOf(bench.receiver, count)).delaysMs;
};

const p99 = (delays: readonly number[]): number => quantile(delays, 0.99);

/** The delays alone, and then while some never answer, who have as many messages. */
const benchDelay = async (bench: Bench, dead: readonly Target[], what: string): Promise<readonly number[]> => {
  const { sizes, report } = bench;
  const alone: number[][] = [];
  const beside: number[][] = [];
  for (let round = 0; round < sizes.rounds; round += 1) {
    const server = await start(bench);
    // The first ones warm it up, else those alone would be the slow ones.
    await delaysOf(bench, server, sizes.readsPerRound);
    alone.push([...(await delaysOf(bench, server, sizes.readsPerRound))]);
    await fillBacklog({ ...bench, targets: dead }, sizes.readsPerRound);
    beside.push([...(await delaysOf(bench, server, sizes.readsPerRound))]);
    await server.stop();
  }
  report.add({
    what: `from the request of a message to its arrival while ${what} never answer, p99`,
    measured: `${median(beside.map(p99)).toFixed(0)} ms`,
    reference: `without: ${median(alone.map(p99)).toFixed(0)} ms`,
    ratios: beside.map((delays, round) => p99(delays) / p99(alone[round] ?? [])),
    goal: { atMost: 1.3 },
  });
  return alone.flat();
};

/** Deliveries beside the bare client, and what one endpoint that never answers does to the others. */
export const benchWebhooks = async (cluster: Cluster, sizes: Sizes, report: Report): Promise<void> => {
  const made = await cluster.createInstallation('webhooks');
  const installation = { ...made, settings: { ...made.settings, ...SETTINGS } };
  const receiver = await startBenchProcess<ReceiverAddress>('webhook-receiver', {});
  const { url } = receiver.said;
  const pool = new pg.Pool({ connectionString: installation.databaseUrl });
  const command = await startServerProcess({ program: 'command-service', installation, profileDir: null });
  const targets = await makeTargets(command, url, { accounts: ENDPOINTS, each: 1 });
  const deadOne = await makeTargets(command, `${url}/dead?`, { accounts: 1, each: 1 });
  const deadMany = await makeTargets(command, `${url}/dead?`, { accounts: 2, each: DEAD_OF_ACCOUNT });
  await command.stop();
  // It makes its tables.
  await (await start({ installation, report })).stop();
  const bench = { installation, pool, targets, receiver: url, sizes, report };
  try {
    await benchThroughput(bench);
    const alone = [
      ...(await benchDelay(bench, deadOne, 'the servers of one endpoint more')),
      ...(await benchDelay(bench, deadMany, `those of ${deadMany.length} endpoints of 2 accounts more`)),
    ];
    report.addAlone({
      what: 'from the request of a message to its arrival, one after the other',
      measured: `p50 ${median(alone).toFixed(0)} ms, p99 ${p99(alone).toFixed(0)} ms`,
      ...{ value: p99(alone), atMost: 250 },
    });
  } finally {
    await pool.end();
    await receiver.stop();
  }
};
