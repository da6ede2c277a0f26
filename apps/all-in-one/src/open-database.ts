import type { Config } from '@keyledger/edge';
import { findLocalPostgres, startLocalPostgres } from '@keyledger/local-postgres';

/** A database for a program beside the services. */
export interface Database {
  readonly url: string;
  /** Stops what was started for this program alone. */
  stop(): Promise<void>;
}

/** The user's own database, the embedded one of a running Keyledger, or the embedded one started for this alone. */
export const openDatabase = async ({ databaseUrl, dataDir }: Config): Promise<Database> => {
  const running = databaseUrl ?? (await findLocalPostgres(dataDir));
  return running === null ? startLocalPostgres({ dataDir }) : { url: running, stop: () => Promise.resolve() };
};
