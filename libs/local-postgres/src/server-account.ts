import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { LocalPostgresError } from './local-postgres-error.js';

/** The user that PostgreSQL runs as when we are root, because PostgreSQL refuses to run as root. */
export interface ServerAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const readAccounts = async (): Promise<readonly ServerAccount[]> =>
  (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));

/**
 * Null when we are not root: then PostgreSQL runs as ourselves. Else the owner of the cluster that is there, or the
 * first user that there is of keyledger, postgres and nobody.
 */
export async function findServerAccount(owner: number | null): Promise<ServerAccount | null> {
  if (process.getuid?.() !== 0) return null;
  const accounts = await readAccounts();
  const wanted = ['keyledger', 'postgres', 'nobody'].map((name) => accounts.find((account) => account.name === name));
  const found = accounts.find(({ uid }) => uid === owner && uid !== 0) ?? wanted.find(Boolean);
  if (found !== undefined) return found;
  throw new LocalPostgresError(
    'PostgreSQL refuses to run as root, and there is no user keyledger, postgres or nobody: ' +
      'start Keyledger as an ordinary user.',
  );
}

/**
 * Where and as whom a program of PostgreSQL runs. Node drops the supplementary groups together with the uid. The
 * environment is a new one: PGDATA, PGPORT and their like would change what the programs do, and messages must be in
 * English because we read them. The working directory is one that every user can enter.
 */
export const runAs = (account: ServerAccount | null) => ({
  cwd: '/',
  env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
  ...(account && { uid: account.uid, gid: account.gid }),
});

/** Runs a program to its end, with `input` on its standard input. Rejects if it fails; `stderr` then says why. */
export async function run(
  file: string,
  args: readonly string[],
  account: ServerAccount | null,
  input = '',
): Promise<void> {
  const running = promisify(execFile)(file, args, runAs(account));
  running.child.stdin?.on('error', () => undefined).end(input); // A program that does not read it says so itself.
  await running;
}

/** Whether a program ends well. */
export const succeeds = (...program: Parameters<typeof run>): Promise<boolean> =>
  run(...program).then(
    () => true,
    () => false,
  );

/** Asks the operating system itself, so that access lists and mount options count too. */
export const canEnter = (directory: string, account: ServerAccount): Promise<boolean> =>
  succeeds('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], account);
