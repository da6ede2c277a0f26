import { performance } from 'node:perf_hooks';
import { untilReady } from './creates.js';
import { HttpConnection } from './http-connection.js';
import { requestText } from './http-requests.js';
import type { Cluster } from './installation.js';
import type { Report, Sizes } from './report.js';
import { startServerProcess, type ServerProcess } from './server-process.js';
import { quantile } from './statistics.js';

const DEADLINE_MS = 5_000;

interface Positioned {
  readonly position: string | null;
}

interface Registered {
  readonly account: { readonly accountId: string };
}

interface Created {
  readonly credential: { readonly credentialId: string };
  readonly secret: { readonly key: string };
}

/** One process writes and one says verdicts; they may be the same. */
class Revocations {
  private constructor(
    private readonly writer: ServerProcess,
    private readonly verifier: ServerProcess,
    private readonly connections: readonly [HttpConnection, HttpConnection],
  ) {}

  static async open(writer: ServerProcess, verifier: ServerProcess): Promise<Revocations> {
    const connections = [await HttpConnection.open(writer.url), await HttpConnection.open(verifier.url)] as const;
    return new Revocations(writer, verifier, connections);
  }

  close(): void {
    for (const connection of this.connections) connection.close();
  }

  /** How long after the reply of each revocation the last `VALID` was said, in ms; 0 where none was. */
  async measure(count: number, withPosition: boolean): Promise<readonly number[]> {
    const { account } = await this.write<Registered>('POST /v1/accounts', { name: 'Benchmark' });
    const latenciesMs: number[] = [];
    for (let each = 0; each < count; each += 1) {
      const path = `POST /v1/accounts/${account.accountId}/credentials` as const;
      const created = await this.write<Created>(path, { type: 'api_key', mode: 'test' });
      latenciesMs.push(await this.revoke(path, created, withPosition));
    }
    return latenciesMs;
  }

  private async revoke(
    path: `POST /${string}`,
    { credential, secret }: Created,
    withPosition: boolean,
  ): Promise<number> {
    const body = { credential: secret.key };
    await this.sayUntil(body, 'VALID');
    const revoked = await this.write(`${path}/${credential.credentialId}/revoke`, {});
    const repliedMs = performance.now();
    if (withPosition) {
      const code = await this.say({ ...body, minPosition: revoked.position });
      if (code !== 'REVOKED') throw new Error(`Behind minPosition the verdict is ${code}.`);
      return 0;
    }
    const lastValidMs = await this.sayUntil(body, 'REVOKED');
    return lastValidMs === null ? 0 : lastValidMs - repliedMs;
  }

  /** When another verdict than this was said last; null where there was none. */
  private async sayUntil(body: object, wanted: string): Promise<number | null> {
    const deadlineMs = performance.now() + DEADLINE_MS;
    let lastMs: number | null = null;
    while ((await this.say(body)) !== wanted) {
      lastMs = performance.now();
      if (lastMs > deadlineMs) throw new Error(`A verdict does not become ${wanted}.`);
    }
    return lastMs;
  }

  private async write<T extends object>(line: `POST /${string}`, body: object): Promise<T & Positioned> {
    const reply = await this.connections[0].request(requestText(line, this.writer.token, body));
    if (reply.status >= 300) throw new Error(`A write was answered with ${reply.status}: ${reply.body}`);
    return { ...(JSON.parse(reply.body) as T), position: reply.position };
  }

  private async say(body: object): Promise<string> {
    const reply = await this.connections[1].request(requestText('POST /v1/verify', this.verifier.token, body));
    return (JSON.parse(reply.body) as { code: string }).code;
  }
}

const benchCase = async (revocations: Revocations, where: string, count: number, report: Report): Promise<void> => {
  const atMost = where === 'in process' ? 50 : 100;
  try {
    await revocations.measure(Math.ceil(count / 10), false);
    const value = quantile(await revocations.measure(count, false), 0.99);
    const what = `last VALID after the reply of a revocation, ${where}, p99 of ${count}`;
    report.addAlone({ what, measured: `${value.toFixed(1)} ms`, value, atMost });
    await revocations.measure(count, true);
    report.addAlone({
      what: `the same with minPosition, ${where}`,
      ...{ measured: 'never VALID', value: 0, atMost: 0 },
    });
  } finally {
    revocations.close();
  }
};

/** How long a revocation that was acknowledged is not heard of. */
export const benchRevocations = async (cluster: Cluster, sizes: Sizes, report: Report): Promise<void> => {
  const installation = await cluster.createInstallation('revocations');
  const both = await startServerProcess({ program: 'all-in-one', installation, profileDir: null });
  const alone = await startServerProcess({ program: 'verification-service', installation, profileDir: null });
  try {
    await untilReady(both);
    await untilReady(alone);
    await benchCase(await Revocations.open(both, both), 'in process', sizes.readsPerRound, report);
    await benchCase(await Revocations.open(both, alone), 'across processes', sizes.readsPerRound, report);
  } finally {
    await alone.stop();
    await both.stop();
  }
};
