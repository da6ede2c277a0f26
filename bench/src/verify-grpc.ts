import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { alternate, compare } from './alternate.js';
import { startBenchProcess } from './bench-process.js';
import { load, type Load } from './load.js';
import type { ReferenceAddresses } from './reference-server.js';
import type { Report, Sizes } from './report.js';
import { startServerProcess } from './server-process.js';
import type { Seeded } from './snapshot-seed.js';
import { verificationDefinition } from './verification-definition.js';
import { CONNECTIONS, verifierTokens } from './verify-load.js';

const CHANNELS = 4;

/** Unary calls, as many under way as there are connections over HTTP. */
class GrpcLoad {
  private readonly method = verificationDefinition()['Verify'];
  private readonly clients: readonly Client[];
  private next = 0;

  constructor(
    address: string,
    private readonly metadata: readonly Metadata[],
    private readonly messages: readonly object[],
  ) {
    const insecure = credentials.createInsecure();
    // Channels of the same options would share one connection.
    const options = { 'grpc.use_local_subchannel_pool': 1 };
    this.clients = Array.from({ length: CHANNELS }, () => new Client(address, insecure, options));
  }

  ask(worker = 0): Promise<object> {
    const { method } = this;
    const client = this.clients[worker % CHANNELS];
    if (method === undefined || client === undefined) throw new Error('There is no such RPC.');
    this.next = (this.next + 1) % this.messages.length;
    const metadata = this.metadata[this.next % this.metadata.length] ?? new Metadata();
    const message = this.messages[this.next] ?? {};
    const { path, requestSerialize, responseDeserialize } = method;
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, message, metadata, (error, reply) => {
        if (error !== null) reject(error);
        else if (!(reply as { valid: boolean }).valid) reject(new Error(`The verdict is ${JSON.stringify(reply)}`));
        else resolve(reply as object);
      });
    });
  }

  run(durationMs: number): Promise<Load> {
    const workers = Array.from({ length: CONNECTIONS }, (_, worker) => async (): Promise<void> => {
      await this.ask(worker);
    });
    return load(workers, durationMs);
  }

  close(): void {
    for (const client of this.clients) client.close();
  }
}

/** Verdicts over gRPC beside a bare handler of grpc-js. */
export const benchVerifyGrpc = async (seeded: Seeded, sizes: Sizes, report: Report): Promise<void> => {
  const { installation, presentations } = seeded;
  const { profileDir } = report;
  const server = await startServerProcess({ program: 'verification-service', installation, profileDir });
  const metadata = (await verifierTokens(installation)).map((token) => {
    const each = new Metadata();
    each.set('authorization', `Bearer ${token}`);
    return each;
  });
  const verify = new GrpcLoad(server.grpcAddress, metadata, presentations);
  const message = await verify.ask();
  const reference = await startBenchProcess<ReferenceAddresses>('reference-server', { json: '{}', message });
  const bare = new GrpcLoad(reference.said.grpcAddress, metadata, presentations);
  try {
    const contenders = {
      bare: { pid: reference.pid, run: (ms: number) => bare.run(ms) },
      verify: { pid: server.pid, run: (ms: number) => verify.run(ms) },
    };
    const rounds = await alternate(contenders, sizes);
    const what = `verify over gRPC, unary, 64 in flight, ${sizes.verified} credentials`;
    compare(report, rounds.verify, rounds.bare, { what, reference: 'grpc-js with one HMAC', atLeast: 0.8 });
  } finally {
    verify.close();
    bare.close();
    await reference.stop();
    await server.stop();
  }
};
