import { parseConfig, type Config, type Need } from '../settings/config.js';
import { explain } from './explain.js';
import { openFoundation, type OpenFoundation } from './foundation.js';
import { logger } from '../observing/logging.js';
import { runUntilStopped, type Running } from './run-until-stopped.js';
import { startServer, type Slice } from './server.js';
import { whenAvailable } from './when-available.js';

/** One deployable: the slices that it serves, on stores that it shares with others and nothing else. */
export interface Service {
  readonly name: string;
  readonly needs?: readonly Need[];
  slices(foundation: OpenFoundation): Promise<readonly Slice[]> | readonly Slice[];
}

const start = async (service: Service, config: Config): Promise<Running> => {
  const log = logger(config).child({ service: service.name });
  log.info('Starting');
  const foundation = await whenAvailable(() => openFoundation(config, config.databaseUrl ?? ''), {
    onWaiting: (error) => log.warn({ reason: error.message }, 'Waiting for the database and the log to answer'),
  });
  try {
    const server = await startServer(foundation, await service.slices(foundation));
    const { httpUrl, grpcAddress } = server;
    log.info({ httpUrl, grpcAddress, eventLog: config.eventLog, readOnly: config.readOnly }, 'Listening');
    return { server, foundation, onStopping: (why) => log.info(`Stopping: ${why}`) };
  } catch (error) {
    await foundation.close();
    throw error;
  }
};

/**
 * Runs the service until it is told to stop. It writes JSON lines to standard output, and what keeps it from starting
 * as one line to standard error.
 */
export const runService = async (service: Service): Promise<void> => {
  try {
    const config = parseConfig(process.env, ['database', ...(service.needs ?? [])]);
    await runUntilStopped(() => start(service, config));
  } catch (error) {
    process.stderr.write(`${explain('start', error)}\n`);
    process.exit(1);
  }
};
