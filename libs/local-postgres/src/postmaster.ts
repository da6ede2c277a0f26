import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmod, open, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { readIfPresent } from './home.js';
import { LocalPostgresError } from './local-postgres-error.js';
import { runAs, type ServerAccount } from './server-account.js';

const POLL_MS = 20;
const FRESH_LOG_BYTES = 10 * 1024 * 1024;

/** The main process of a PostgreSQL server, as its lock file `postmaster.pid` describes it. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** `starting`, `ready` or `stopping`; empty in its first moments. */
  readonly status: string;
}

/** A server that this process has started. It ends with this process, even if that is killed. */
export interface StartedServer {
  readonly postmaster: Postmaster;
  /** Resolves once the server has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Everything committed stays: politely for 3 seconds, then at once, which recovery repairs. */
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
  if (await runsOn(directory, postmaster.pid)) return postmaster;
  // After a crash another program got the number of the old server. If it runs under the same user, PostgreSQL takes
  // it for a living server and refuses to start. What is removed must be exactly what was judged.
  if ((await readIfPresent(lockFile)) === content) await rm(lockFile, { force: true });
  return null;
}

/** Whether there is a process of that number that we may signal. PostgreSQL judges its own lock file the same way. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Whether that process is the server of this cluster. The command line of a zombie is empty: it is gone. */
async function runsOn(directory: string, pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const command =
    process.platform === 'linux'
      ? readFile(`/proc/${pid}/cmdline`, 'utf8').then((line) => line.replaceAll('\0', ' '))
      : promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).then(
          ({ stdout }) => `${stdout.trim()} `,
        );
  return (await command.catch(() => '')).includes(` -D ${directory} `);
}

/**
 * What stops a start and passes by itself: another start was faster, somebody took the port between our look and the
 * start, or processes of a server that was killed have not noticed yet.
 */
const PASSING = /lock file "postmaster\.pid" already|could not create any TCP|pre-existing shared memory block/;

/**
 * Starts a server and waits until it accepts connections, however long its recovery takes. Resolves with null if it
 * did not start and may the next time. The server is its own process group, so an interrupt from the terminal reaches
 * only us, and we decide when it stops.
 */
export async function startPostmaster(server: Server): Promise<StartedServer | null> {
  const result = await startOn(await freePort(), server);
  if (typeof result !== 'string') return result;
  if (PASSING.test(result)) return null;
  throw new LocalPostgresError(`PostgreSQL did not start: ${result} Its log is ${server.logFile}.`);
}

/** Returns what PostgreSQL said if it exited instead of starting. */
async function startOn(port: number, server: Server): Promise<StartedServer | string> {
  const { log, size } = await openLog(server.logFile);
  const settings = Object.entries({ ...server.settings, port: String(port) });
  const args = ['-D', server.directory, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const child = spawn(join(server.native, 'bin', 'postgres'), args, {
    ...runAs(server.account),
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  let failed: string | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => resolve(void (failed = `${error.message}.`)));
    child.once('exit', () => resolve(void (failed ??= '')));
  });
  child.unref();
  stopAfterUs(child, ended, server.account);
  await log.close();
  while (failed === undefined) {
    const postmaster = await findPostmaster(server.directory);
    if (postmaster?.pid === child.pid && postmaster?.status === 'ready') {
      return { postmaster, ended, stop: () => stop(child, ended) };
    }
    await sleep(POLL_MS);
  }
  return failed || lastComplaint(server.logFile, size);
}

/**
 * Lets a shell wait beside the server for the end of this process, which closes the shell's input even if it is killed,
 * and stop the server then.
 */
function stopAfterUs(child: ChildProcess, ended: Promise<void>, account: ServerAccount | null): void {
  if (child.pid === undefined) return; // It was not even started.
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

async function openLog(path: string): Promise<{ log: Awaited<ReturnType<typeof open>>; size: number }> {
  const size = await stat(path).then(
    (status) => status.size,
    () => 0,
  );
  const fresh = size > FRESH_LOG_BYTES;
  if (fresh) await rm(path);
  const log = await open(path, 'a', 0o600);
  await chmod(path, 0o600);
  return { log, size: fresh ? 0 : size };
}

async function lastComplaint(logFile: string, from: number): Promise<string> {
  const lines = (await readFile(logFile)).subarray(from).toString('utf8').split('\n');
  const complaint = lines.filter((line) => /FATAL|PANIC/.test(line)).at(-1) ?? lines.filter(Boolean).at(-1);
  return `${complaint?.replace(/^.*?(?=FATAL|PANIC)/, '').trim() ?? 'it exited without a word'}.`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.ref();
  for (const { signal, patienceMs } of [
    { signal: 'SIGINT', patienceMs: 3_000 },
    { signal: 'SIGQUIT', patienceMs: 15_000 },
  ] as const) {
    child.kill(signal);
    const isEnded = ended.then(() => true);
    if (await Promise.race([isEnded, sleep(patienceMs, false, { ref: false })])) return;
  }
  throw new LocalPostgresError(
    `PostgreSQL (pid ${child.pid}) does not stop: end it by hand with "kill -QUIT ${child.pid}".`,
  );
}
