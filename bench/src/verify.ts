import type { Cluster } from './installation.js';
import type { Report, Sizes } from './report.js';
import { benchRevocations } from './revocations.js';
import { seedSnapshot } from './snapshot-seed.js';
import { benchVerifyGrpc } from './verify-grpc.js';
import { benchVerifyHttp } from './verify-http.js';
import { benchVerifyIndex } from './verify-index.js';

/** So many different credentials are asked for. */
const PRESENTED = 20_000;

/** Everything about verdicts. */
export const benchVerify = async (cluster: Cluster, sizes: Sizes, report: Report): Promise<void> => {
  const verified = await cluster.createInstallation('verified');
  const seeded = await seedSnapshot(verified, sizes.verified, PRESENTED);
  await benchVerifyHttp(cluster, seeded, sizes, report);
  await benchVerifyGrpc(seeded, sizes, report);
  await benchRevocations(cluster, sizes, report);
  const large = await cluster.createInstallation('verified_large');
  await benchVerifyIndex(await seedSnapshot(large, sizes.credentials, PRESENTED), sizes, report);
};
