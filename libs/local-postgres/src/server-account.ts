import { execFile, type ExecFileException } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { LocalPostgresError } from './local-postgres-error.js';

/** The user that PostgreSQL runs as when we are root, because PostgreSQL refuses to run as root. */
export interface ServerAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface CommandResult {
  readonly ok: boolean;
  readonly stderr: string;
}

/** Null when we are not root: then PostgreSQL runs as ourselves. */
export async function findServerAccount(): Promise<ServerAccount | null> {
  if (process.getuid?.() !== 0) return null;
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const fields = accounts.find((account) => account[0] === name);
    if (fields) return { name, uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new LocalPostgresError(
    'PostgreSQL refuses to run as root and there is no user postgres or nobody: start Keyledger as an ordinary user.',
  );
}

/**
 * Where and as whom a program of PostgreSQL runs. Node drops the supplementary groups together with the uid. The
 * environment is a new one: PGDATA, PGPORT and their like would change what the programs do, and messages must be in
 * English because we read them. The working directory is one that every user can enter.
 */
export function runAs(account: ServerAccount | null): {
  cwd: string;
  env: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
} {
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
  return { cwd: '/', env, ...(account && { uid: account.uid, gid: account.gid }) };
}

/** Runs a program to its end; never rejects. */
export function run(file: string, args: readonly string[], account: ServerAccount | null): Promise<CommandResult> {
  return new Promise((resolve) => {
    const ended = (error: ExecFileException | null, _stdout: string, stderr: string): void =>
      resolve({ ok: error === null, stderr: stderr || (error?.message ?? '') });
    try {
      execFile(file, args, runAs(account), ended);
    } catch (error) {
      // A program that this user may not execute is thrown at once instead of being reported.
      resolve({ ok: false, stderr: String(error) });
    }
  });
}

/** Asks the operating system itself, so that access lists and mount options count too. */
export async function canEnter(directory: string, account: ServerAccount): Promise<boolean> {
  return (await run('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], account)).ok;
}
