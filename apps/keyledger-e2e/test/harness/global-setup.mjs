// Before all suites: build what they run, and start the one server that most of them share, and one PostgreSQL for those
// that bring their own database (createDatabase of @keyledger/testing).
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import setUpPostgres, { tearDown as tearDownPostgres } from '@keyledger/testing/postgres-setup';

// This file runs before Jest can transform anything; postgres-setup lets plain Node import TypeScript.
const { startKeyledger } = await import('./keyledger-process.ts');
const { SHARED_SERVER } = await import('./shared-server-address.ts');

let shared;

export default async function setUp() {
  build();
  await setUpPostgres();
  try {
    shared = await startKeyledger();
  } catch (error) {
    await tearDownPostgres();
    throw error;
  }
  const { httpUrl, grpcAddress, dataDir } = shared;
  // Worker processes inherit the environment.
  process.env[SHARED_SERVER] = JSON.stringify({ httpUrl, grpcAddress, dataDir });
}

export async function tearDown() {
  try {
    await shared?.remove();
  } finally {
    await tearDownPostgres();
  }
}

/** Journeys run the program as it is shipped: compiled. */
function build() {
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
  const compiler = 'node_modules/typescript7/bin/tsc';
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-b', 'tsconfig.build.json'], { cwd: root });
  if (status !== 0) throw new Error(`The build failed:\n${stdout}`);
}
