// Before all suites: build what they run, and start what they share. For each worker that is the server that most of its
// suites visit, so that each has the catalogue and the head of the log to itself; for all, one PostgreSQL for those that
// bring their own database (createDatabase of @keyledger/testing), and with KEYLEDGER_EVENT_LOG=eventstoredb the
// EventStoreDB that holds every log of the run.
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import setUpPostgres, { tearDown as tearDownPostgres } from '@keyledger/testing/postgres-setup';

// This file runs before Jest can transform anything; postgres-setup lets plain Node import TypeScript.
const { startKeyledger } = await import('./keyledger-process.ts');
const { EVENT_STORE } = await import('./log-engine.ts');
const { SHARED_SERVERS } = await import('./shared-server-address.ts');

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** How what has been started is ended, the latest first. */
const endings = [];

export default async function setUp({ maxWorkers }) {
  build();
  try {
    await setUpPostgres();
    endings.push(tearDownPostgres);
    await startLog(process.env.KEYLEDGER_EVENT_LOG || 'postgres');
    const servers = await Promise.all(Array.from({ length: maxWorkers }, startSharedServer));
    // Worker processes inherit the environment.
    process.env[SHARED_SERVERS] = JSON.stringify(servers);
  } catch (error) {
    await tearDown();
    throw error;
  }
}

export async function tearDown() {
  const failures = [];
  for (const end of endings.splice(0).reverse()) await end().catch((error) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

async function startSharedServer() {
  const server = await startKeyledger();
  endings.push(() => server.remove());
  const { httpUrl, grpcAddress, dataDir } = server;
  return { httpUrl, grpcAddress, dataDir };
}

async function startLog(engine) {
  if (engine === 'postgres') return;
  if (engine !== 'eventstoredb')
    throw new Error(`KEYLEDGER_EVENT_LOG must be postgres or eventstoredb, not ${engine}.`);
  const child = fork(join(root, 'libs/testing/event-store.mjs'));
  const ended = once(child, 'exit');
  endings.push(async () => {
    if (child.connected) child.disconnect();
    await ended;
  });
  const address = await Promise.race([once(child, 'message').then(([message]) => message), ended.then(() => null)]);
  if (address === null) throw new Error('The EventStoreDB of the suites did not start.');
  process.stdout.write(`The log is in EventStoreDB: ${address.kind}.\n`);
  process.env[EVENT_STORE] = JSON.stringify(address);
}

/** Journeys run the programs as they are shipped: compiled. */
function build() {
  const compiler = 'node_modules/typescript7/bin/tsc';
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-b', 'tsconfig.build.json'], { cwd: root });
  if (status !== 0) throw new Error(`The build failed:\n${stdout}`);
}
