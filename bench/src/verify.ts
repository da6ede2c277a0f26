import type { Cluster } from './installation.js';
import type { Report, Sizes } from './report.js';
import { seedSnapshot } from './snapshot-seed.js';
import { benchVerifyHttp } from './verify-http.js';
import { benchVerifyIndex } from './verify-index.js';

/** So many different credentials are asked for. */
const PRESENTED = 20_000;

/** Everything about verdicts. */
export const benchVerify = async (cluster: Cluster, sizes: Sizes, report: Report): Promise<void> => {
  const verified = await cluster.createInstallation('verified');
  await benchVerifyHttp(cluster, await seedSnapshot(verified, sizes.verified, PRESENTED), sizes, report);
  const large = await cluster.createInstallation('verified_large');
  await benchVerifyIndex(await seedSnapshot(large, sizes.credentials, PRESENTED), sizes, report);
};
