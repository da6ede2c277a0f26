import { setTimeout as sleep } from 'node:timers/promises';
import { AuditModule } from '@keyledger/audit';
import { startServer, type Config, type RunningServer } from '@keyledger/edge';
import { IssuingModule } from '@keyledger/issuing';
import { ListingModule } from '@keyledger/listing';
import { openFoundation, type OpenFoundation } from './foundation.js';

/** What requests under way have to come to their end. */
const REQUESTS_DEADLINE_MS = 2_700;

/** A stop that takes longer is cut off: nothing that was acknowledged can be lost by that. */
const STOP_DEADLINE_MS = 4_500;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const greet = ({ config, localPostgres }: OpenFoundation, server: RunningServer): void => {
  say(`Keyledger is ready (${Math.round(process.uptime() * 10) / 10} s).`);
  say(`  HTTP      ${server.httpUrl}`);
  say(`  gRPC      ${server.grpcAddress}`);
  say(`  API docs  ${server.httpUrl}/docs`);
  if (localPostgres !== null) say(`  Data      ${localPostgres.location}`);
  if (config.localIssuer) say('  A token   npm run --silent token -- --role operator');
};

const stopOnSignals = (foundation: OpenFoundation, server: RunningServer): void => {
  let stopping = false;
  const stop = async (why: string, exitCode: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    say(`Stopping: ${why}`);
    setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
    // Whoever holds a connection open longer is cut off: it must not keep the database from being stopped.
    await Promise.race([server.close(), sleep(REQUESTS_DEADLINE_MS)]);
    await foundation.close();
    process.exit(exitCode);
  };
  const orFail = (error: unknown): void => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  };
  process.on('SIGINT', () => void stop('interrupted.', 0).catch(orFail));
  process.on('SIGTERM', () => void stop('asked to terminate.', 0).catch(orFail));
  void foundation.localPostgres?.lost.then((error) => stop(error.message, 1)).catch(orFail);
};

/** Runs all services in this process until it is told to stop. Rejects if it cannot start. */
export const run = async (config: Config): Promise<void> => {
  const foundation = await openFoundation(config);
  try {
    const slices = [IssuingModule.register(foundation.keyring), ListingModule, AuditModule];
    const server = await startServer(foundation, slices);
    stopOnSignals(foundation, server);
    greet(foundation, server);
  } catch (error) {
    await foundation.close();
    throw error;
  }
};
