import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfPresent } from '@keyledger/durable-files';
import { type Binaries } from './binaries.js';
import { exists } from './home.js';
import { LocalPostgresError } from './local-postgres-error.js';
import { makeAside } from './make-aside.js';
import { run, type ServerAccount } from './server-account.js';

/** The name of the database, and of the superuser that owns it. */
export const DATABASE = 'keyledger';

/** Whether `directory` holds a cluster that these programs can run; throws if it holds anything else. */
export async function hasCluster(directory: string, { version }: Binaries): Promise<boolean> {
  if (!(await exists(directory))) return false;
  const [major] = version.split('.');
  const hasVersion = (await readIfPresent(join(directory, 'PG_VERSION'))) === `${major}\n`;
  if (hasVersion && (await exists(join(directory, 'global', 'pg_control')))) return true;
  throw new LocalPostgresError(
    `The data directory ${directory} is damaged or not PostgreSQL ${major}: ` +
      'restore it from a backup, or move it away to start empty.',
  );
}

/** Makes the cluster. An interrupted attempt never looks like one. */
export function createCluster(
  directory: string,
  { native }: Binaries,
  account: ServerAccount | null,
  password: string,
): Promise<void> {
  return makeAside(directory, async (unfinished) => {
    if (account) await chown(unfinished, account.uid, account.gid);
    // C.UTF-8 of PostgreSQL itself orders bytewise, is the same on every system, and knows the case of every letter.
    const options =
      `--username=${DATABASE} --auth=scram-sha-256 --data-checksums --no-instructions ` +
      '--encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8 --pwfile=/dev/stdin';
    const args = [join(native, 'bin', 'initdb'), `--pgdata=${unfinished}`, ...options.split(' ')];
    // Node's own standard input is a socket, which cannot be opened by its name. `cat` makes a pipe of it.
    await run('/bin/sh', ['-c', 'cat | "$0" "$@"', ...args], account, password).catch(explainInitdb);
  });
}

function explainInitdb(error: Error & { stderr?: string }): never {
  const lines = (error.stderr || error.message).split('\n');
  const reason = lines.find((line) => /error|FATAL|PANIC/.test(line)) ?? lines[0];
  throw new LocalPostgresError(`PostgreSQL could not create its data directory: ${reason}. Mend that and start again.`);
}
