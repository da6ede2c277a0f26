import { setTimeout as sleep } from 'node:timers/promises';
import { logger } from '../observing/logging.js';
import { parseConfig, type Config } from '../settings/config.js';
import type { Need } from '../settings/setting.js';
import { requireUsableFiles } from '../tls/identity.js';
import { helpFor } from './command-line.js';
import { explain } from './explain.js';
import { openFoundation } from './foundation.js';
import { requireFreePorts } from './ports.js';
import { startServer, type RunningServer } from './server.js';
import type { Slice } from './slice.js';
import { whenAvailable } from './when-available.js';

/** What requests under way have to come to their end. */
const REQUESTS_DEADLINE_MS = 3_700;

/** A stop that takes longer is cut off: nothing that was acknowledged can be lost by that. */
const STOP_DEADLINE_MS = 6_500;

/** A database of the process's own. */
export interface OwnDatabase {
  readonly url: string;
  /** The folder with its data. */
  readonly location: string;
  /** Resolves when it is gone and the process cannot go on. */
  readonly lost: Promise<Error>;
  stop(): Promise<void>;
}

/** Where a program tells how it is. */
export interface Announcer {
  starting(): void;
  /** A store does not answer yet. */
  waiting(reason: string): void;
  listening(server: RunningServer): void;
  stopping(why: string): void;
}

/** One deployable. */
export interface Service {
  readonly name: string;
  readonly slices: readonly Slice[];
  /** Where the settings name no database. A service apart has none, and needs the setting. */
  readonly openDatabase?: (config: Config) => Promise<OwnDatabase>;
  /** Lines of its log, where left out. */
  readonly announcer?: (config: Config, ownDatabase: OwnDatabase | null) => Announcer;
}

const logLines =
  (name: string) =>
  (config: Config): Announcer => {
    const log = logger(config).child({ service: name });
    const { eventLog, readOnly } = config;
    return {
      starting: () => log.info('Starting'),
      waiting: (reason) => log.warn({ reason }, 'Waiting for the database and the log to answer'),
      listening: ({ httpUrl, grpcAddress }) => log.info({ httpUrl, grpcAddress, eventLog, readOnly }, 'Listening'),
      stopping: (why) => log.info(`Stopping: ${why}`),
    };
  };

interface Running {
  readonly server: RunningServer;
  readonly announcer: Announcer;
  readonly lost: Promise<Error> | undefined;
  closeStores(): Promise<void>;
}

const settingsOf = ({ slices, openDatabase }: Service): Config => {
  const needs: readonly Need[] = ['doors', ...slices.flatMap((slice) => slice.needs ?? [])];
  return parseConfig(process.env, openDatabase === undefined ? ['database', ...needs] : needs);
};

/** Serves on the database of `url`. What was opened is closed again if something fails. */
const serve = async (config: Config, url: string, service: Service, announcer: Announcer) => {
  const onWaiting = ({ message }: Error): void => announcer.waiting(message);
  const foundation = await whenAvailable(() => openFoundation(config, url), { onWaiting });
  try {
    const apart = service.openDatabase === undefined ? service.name : undefined;
    return { foundation, server: await startServer(foundation, service.slices, apart) };
  } catch (error) {
    await foundation.close();
    throw error;
  }
};

interface Database {
  readonly url: string;
  readonly own: OwnDatabase | null;
}

const databaseOf = async ({ openDatabase }: Service, config: Config): Promise<Database> => {
  if (config.databaseUrl !== null || openDatabase === undefined) return { url: config.databaseUrl ?? '', own: null };
  const own = await openDatabase(config);
  return { url: own.url, own };
};

const start = async (service: Service): Promise<Running> => {
  const config = settingsOf(service);
  requireUsableFiles(config);
  await requireFreePorts(config);
  const { url, own } = await databaseOf(service, config);
  const announcer = (service.announcer ?? logLines(service.name))(config, own);
  try {
    announcer.starting();
    const { foundation, server } = await serve(config, url, service, announcer);
    announcer.listening(server);
    const closeStores = (): Promise<void> => foundation.close().finally(() => own?.stop());
    return { server, announcer, lost: own?.lost, closeStores };
  } catch (error) {
    await own?.stop();
    throw error;
  }
};

const orFail = (error: unknown): void => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
};

/**
 * Stops gracefully on SIGINT and SIGTERM, and ends the process. A signal that comes while it still starts ends it at
 * once, also where it is the first process of a container, which no signal ends by itself. Rejects if it cannot start.
 */
const runUntilStopped = async (service: Service): Promise<void> => {
  let running: Running | undefined = undefined;
  let stopping = false;
  const stop = async (why: string, exitCode: number): Promise<void> => {
    if (running === undefined) process.exit(exitCode);
    if (stopping) return;
    stopping = true;
    running.announcer.stopping(why);
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    // Whoever holds a connection open longer is cut off: it must not keep the stores from being closed.
    await Promise.race([running.server.close(), sleep(REQUESTS_DEADLINE_MS)]);
    await running.closeStores();
    process.exit(exitCode);
  };
  process.on('SIGINT', () => void stop('interrupted.', 0).catch(orFail));
  process.on('SIGTERM', () => void stop('asked to terminate.', 0).catch(orFail));
  running = await start(service);
  void running.lost?.then((error) => stop(error.message, 1)).catch(orFail);
};

/**
 * Runs the service until it is told to stop, or prints what `--help` asks for. What keeps it from starting is one line
 * on standard error.
 */
export const runService = async (service: Service): Promise<void> => {
  try {
    const help = helpFor(service.name, process.argv.slice(2));
    if (help === undefined) await runUntilStopped(service);
    else process.stdout.write(`${help}\n`);
  } catch (error) {
    process.stderr.write(`${explain('start', error)}\n`);
    process.exit(1);
  }
};
