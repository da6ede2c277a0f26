import type { Cluster } from './installation.js';
import type { Report, Sizes } from './report.js';
import { seedSnapshot } from './snapshot-seed.js';
import { benchVerifyHttp } from './verify-http.js';

/** So many different credentials are asked for. */
const PRESENTED = 20_000;

/** Everything about verdicts. */
export const benchVerify = async (cluster: Cluster, sizes: Sizes, report: Report): Promise<void> => {
  const installation = await cluster.createInstallation('verified');
  const seeded = await seedSnapshot(installation, sizes.verified, PRESENTED);
  await benchVerifyHttp(cluster, seeded, sizes, report);
};
