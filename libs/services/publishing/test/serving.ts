import {
  loadCredentialTypes,
  logger,
  openAuthenticator,
  parseConfig,
  startServer,
  type RunningServer,
  type Slice,
} from '@keyledger/edge';
import type { Stores } from './stores.js';

/** A server of these slices on the stores. The settings name a data directory. */
export const serve = async (
  { log, pool }: Stores,
  slices: readonly Slice[],
  settings: Readonly<Record<string, string>>,
): Promise<RunningServer> => {
  const config = parseConfig({
    ...{ KEYLEDGER_HTTP_PORT: '0', KEYLEDGER_GRPC_PORT: '0', KEYLEDGER_LOG_LEVEL: 'silent' },
    ...settings,
  });
  const authenticator = await openAuthenticator(config, logger(config));
  return startServer({ config, log, pool, authenticator, credentialTypes: loadCredentialTypes(null) }, slices);
};
