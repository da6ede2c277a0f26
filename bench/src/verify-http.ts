import { alternate, compare } from './alternate.js';
import { startBenchProcess } from './bench-process.js';
import type { Cluster } from './installation.js';
import { benchPeer } from './peer.js';
import type { ReferenceAddresses } from './reference-server.js';
import type { Report, Sizes } from './report.js';
import { startServerProcess } from './server-process.js';
import type { Seeded } from './snapshot-seed.js';
import { VerifyLoad, verifierTokens, verifyTexts } from './verify-load.js';

/** Verdicts over HTTP beside bare routes and a peer: everywhere the same client, connections and body. */
export const benchVerifyHttp = async (
  cluster: Cluster,
  { installation, presentations }: Seeded,
  sizes: Sizes,
  report: Report,
): Promise<void> => {
  const { profileDir } = report;
  const server = await startServerProcess({ program: 'verification-service', installation, profileDir });
  const tokens = await verifierTokens(installation);
  const verify = await VerifyLoad.open(server.url, verifyTexts('/v1/verify', tokens, presentations));
  const json = await verify.sample();
  const reference = await startBenchProcess<ReferenceAddresses>('reference-server', { json, message: {} });
  const bare = await VerifyLoad.open(reference.said.url, verifyTexts('/v1/verify', tokens, presentations));
  const plain = await VerifyLoad.open(reference.said.url, verifyTexts('/plain', tokens, presentations));
  try {
    const contenders = {
      bare: { pid: reference.pid, run: (ms: number) => bare.run(ms) },
      verify: { pid: server.pid, run: (ms: number) => verify.run(ms) },
      plain: { pid: reference.pid, run: (ms: number) => plain.run(ms) },
    };
    const rounds = await alternate(contenders, sizes);
    const what = `verify over HTTP, 64 connections, ${sizes.verified} credentials`;
    compare(report, rounds.verify, rounds.bare, {
      what,
      reference: 'Fastify with one HMAC',
      atLeast: 0.8,
      p99AtMost: 1.5,
    });
    compare(report, rounds.verify, rounds.plain, { what, reference: 'Fastify without HMAC', atLeast: 0.65 });
    await benchPeer(cluster, { pid: server.pid, run: (ms) => verify.run(ms) }, sizes, report);
  } finally {
    for (const load of [verify, bare, plain]) load.close();
    await reference.stop();
    await server.stop();
  }
};
