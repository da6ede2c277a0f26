import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuthenticator } from '../src/access/authenticator.js';
import { issueToken, openLocalIssuer } from '../src/access/local-issuer.js';
import type { Role } from '../src/access/principal.js';
import { loadCredentialTypes } from '../src/credentials/load-credential-types.js';
import type { Slice } from '../src/index.js';
import { logger } from '../src/observing/logging.js';
import { startServer, type RunningServer } from '../src/process/server.js';
import { parseConfig } from '../src/settings/config.js';
import { Grounds } from './tally.js';

/** A server of some slices, on a log and a database of its own. */
export interface Serving extends RunningServer {
  tokenFor(role: Role): Promise<string>;
}

/** What fails to start leaves nothing behind. */
export const serve = async (slices: readonly Slice[], settings: NodeJS.ProcessEnv = {}): Promise<Serving> => {
  const grounds = await Grounds.open();
  const dataDir = await mkdtemp(join(tmpdir(), 'keyledger-serving-'));
  const cleanUp = async (): Promise<void> => {
    await grounds.close();
    await rm(dataDir, { recursive: true });
  };
  const config = parseConfig({
    KEYLEDGER_DATA_DIR: dataDir,
    KEYLEDGER_HTTP_PORT: '0',
    KEYLEDGER_GRPC_PORT: '0',
    KEYLEDGER_LOG_LEVEL: 'silent',
    ...settings,
  });
  const { log, pool } = grounds;
  const authenticator = await openAuthenticator(config, logger(config));
  const foundation = { config, log, pool, authenticator, credentialTypes: loadCredentialTypes(null) };
  const server = await startServer(foundation, slices).catch(async (error: unknown) => {
    await cleanUp();
    throw error;
  });
  return {
    ...server,
    tokenFor: async (role) =>
      issueToken(await openLocalIssuer(dataDir), { subject: role, roles: [role], accounts: '*', ttlSeconds: 600 }),
    close: async () => {
      await server.close();
      await cleanUp();
    },
  };
};
