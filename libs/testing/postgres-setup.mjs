// One PostgreSQL for a whole Jest run. A project that needs it says so in its jest.config.mjs:
//
//   export default {
//     ...preset,
//     displayName: '<name>',
//     globalSetup: '@keyledger/testing/postgres-setup',
//     globalTeardown: '@keyledger/testing/postgres-teardown',
//   };
//
// Its tests then call createDatabase() of @keyledger/testing, each for a database of its own. To use a server that is
// already there, set KEYLEDGER_TEST_DATABASE_URL to a role on it that may create databases.
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import './typescript-sources.mjs';

const { startLocalPostgres } = await import('@keyledger/local-postgres');

/** What this run started; undefined when it uses a server that was there. */
let started;

export default async function setUp() {
  if (process.env.KEYLEDGER_TEST_DATABASE_URL) return;
  await removeLeftovers();
  started = await startIn(await mkdtemp(join(tmpdir(), `keyledger-test-${process.pid}-`)));
  // Worker processes inherit the environment.
  process.env.KEYLEDGER_TEST_DATABASE_URL = started.postgres.url;
}

export async function tearDown() {
  if (!started) return;
  delete process.env.KEYLEDGER_TEST_DATABASE_URL;
  await remove(started);
  started = undefined;
}

async function startIn(dataDir) {
  // Nothing here has to survive a power failure, and tests are faster without waiting for the disk.
  const extraSettings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' };
  return { dataDir, postgres: await startLocalPostgres({ dataDir, extraSettings }) };
}

async function remove({ dataDir, postgres }) {
  await postgres.stop();
  await rm(postgres.location, { recursive: true, force: true });
  await rm(dataDir, { recursive: true, force: true });
}

/** What a run that was killed has left. The number of that run's process is in the name of its folder. */
async function removeLeftovers() {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(/^keyledger-test-(\d+)-/.exec(name)?.[1]);
    if (!pid || pid === process.pid || isAlive(pid)) continue;
    await removeLeftover(join(tmpdir(), name)).catch((error) => {
      process.stderr.write(`The PostgreSQL of an earlier test run is still in ${name}: ${error.message}\n`);
    });
  }
}

async function removeLeftover(dataDir) {
  // Its server stops by itself; a start waits for that, and finds the database that lies elsewhere.
  const hasServer = ['location', 'postgres/postmaster.pid'].some((path) => existsSync(join(dataDir, path)));
  if (hasServer) await remove(await startIn(dataDir));
  await rm(dataDir, { recursive: true, force: true });
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
