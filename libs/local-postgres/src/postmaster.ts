import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { readIfPresent } from '@keyledger/durable-files';
import { LocalPostgresError } from './local-postgres-error.js';
import { isAlive } from './make-aside.js';
import { runAs, type ServerAccount } from './server-account.js';

export const POLL_MS = 20;
const FRESH_LOG_BYTES = 10 * 1024 * 1024;
const POLITE_STOP_MS = 3_000;

/** The main process of a PostgreSQL server, as its lock file `postmaster.pid` describes it. */
interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** `starting`, `ready` or `stopping`; empty in its first moments. */
  readonly status: string;
}

/** A server that this process has started. It ends with this process, even if that is killed. */
export interface StartedServer {
  readonly port: number;
  /** Resolves if the server ends without `stop`; never rejects. The process should say so and exit. */
  readonly lost: Promise<LocalPostgresError>;
  /** Everything committed stays: politely for 3 seconds, then at once, which recovery repairs. May be called again. */
  stop(): Promise<void>;
}

/** What it takes to run a server. */
export interface Server {
  /** The cluster. */
  readonly directory: string;
  /** The folder that holds PostgreSQL's `bin`. */
  readonly native: string;
  readonly account: ServerAccount | null;
  readonly logFile: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** The server that runs on this cluster; null if there is none. */
export async function findPostmaster(directory: string): Promise<Postmaster | null> {
  const lockFile = join(directory, 'postmaster.pid');
  const content = await readIfPresent(lockFile);
  if (content === null) return null;
  const lines = content.split('\n').map((line) => line.trim());
  const postmaster = { pid: Number(lines[0]), port: Number(lines[3]), status: lines[7] ?? '' };
  if (!(postmaster.pid > 0) || !isAlive(postmaster.pid)) return null;
  if ((await commandOf(postmaster.pid)).includes(` -D ${directory} `)) return postmaster;
  // After a crash another program got the number of the old server. If it runs under the same user, PostgreSQL takes
  // it for a living server and refuses to start. What is removed must be exactly what was judged.
  if ((await readIfPresent(lockFile)) === content) await rm(lockFile, { force: true });
  return null;
}

/** The command line of a process, each word with a space after it. That of a zombie is empty: it is gone. */
function commandOf(pid: number): Promise<string> {
  const command =
    process.platform === 'linux'
      ? readFile(`/proc/${pid}/cmdline`, 'utf8').then((line) => line.replaceAll('\0', ' '))
      : promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).then(({ stdout }) => stdout);
  return command.catch(() => '');
}

/**
 * What stops a start and passes by itself: another start was faster, somebody took the port between our look and the
 * start, or processes of a server that was killed have not noticed yet.
 */
const PASSING = /lock file "postmaster\.pid" already|could not create any TCP|pre-existing shared memory block/;

/**
 * Starts a server and waits until it accepts connections, however long its recovery takes. Resolves with a reason if
 * it did not start and may the next time. The server is its own process group, so an interrupt from the terminal
 * reaches only us, and we decide when it stops.
 */
export async function startPostmaster(server: Server): Promise<StartedServer | string> {
  const port = await freePort();
  const log = await open(server.logFile, 'a', 0o600);
  if ((await log.stat()).size > FRESH_LOG_BYTES) await log.truncate();
  const { size } = await log.stat();
  const settings = Object.entries({ ...server.settings, port: String(port) });
  const args = ['-D', server.directory, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const child = spawn(join(server.native, 'bin', 'postgres'), args, {
    ...runAs(server.account),
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  const ended = new Promise<unknown>((resolve) => child.once('exit', resolve));
  await once(child, 'spawn').finally(() => log.close());
  child.unref();
  stopAfterUs(child, ended, server.account);
  if (await becomesReady(child, server.directory)) return { port, ...handlesOf(child, ended) };
  const complaint = await lastComplaint(server.logFile, size);
  const message = `PostgreSQL did not start: ${complaint} Its log is ${server.logFile}.`;
  if (PASSING.test(complaint)) return message;
  throw new LocalPostgresError(message);
}

/** Resolves with false if it ends instead. */
async function becomesReady(child: ChildProcess, directory: string): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const found = await findPostmaster(directory);
    if (found?.pid === child.pid && found?.status === 'ready') return true;
    await sleep(POLL_MS);
  }
  return false;
}

function handlesOf(child: ChildProcess, ended: Promise<unknown>): Pick<StartedServer, 'lost' | 'stop'> {
  let stopping = false;
  return {
    lost: new Promise((resolve) => {
      const gone = `PostgreSQL (pid ${child.pid}) went away: start Keyledger again.`;
      void ended.then(() => stopping || resolve(new LocalPostgresError(gone)));
    }),
    async stop() {
      stopping = true;
      child.ref();
      child.kill('SIGINT');
      const impatience = setTimeout(() => child.kill('SIGQUIT'), POLITE_STOP_MS);
      await ended;
      clearTimeout(impatience);
    },
  };
}

/**
 * Lets a shell wait beside the server for the end of this process, which closes the shell's input even if it is killed,
 * and stop the server then.
 */
function stopAfterUs(child: ChildProcess, ended: Promise<unknown>, account: ServerAccount | null): void {
  const shell = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1"', 'sh', String(child.pid)], {
    ...runAs(account),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.on('error', () => undefined);
  shell.unref();
  (shell.stdin as Socket).unref();
  void ended.then(() => shell.kill('SIGKILL'));
}

async function lastComplaint(logFile: string, from: number): Promise<string> {
  const lines = (await readFile(logFile)).subarray(from).toString('utf8').split('\n');
  const complaint = lines.filter((line) => /FATAL|PANIC/.test(line)).at(-1) ?? lines.filter(Boolean).at(-1);
  return `${complaint?.replace(/^.*?(?=FATAL|PANIC)/, '').trim() ?? 'it exited without a word'}.`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
