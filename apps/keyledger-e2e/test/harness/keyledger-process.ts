import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ServerAddress } from './shared-server-address.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const START_DEADLINE_MS = 45_000;

export type Settings = Readonly<Record<string, string>>;

export interface Exit {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One run of one of our programs, as a user would start it. */
export interface Program {
  readonly process: ChildProcess;
  /** Resolves when it has ended and all its output has been read. */
  readonly exit: Promise<Exit>;
  stdout(): string;
  stderr(): string;
}

/** Nothing of this process's own environment reaches a program but where to find other programs. */
const cleanEnvironment = (settings: Settings): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  ...settings,
});

const launch = (name: 'main' | 'token', args: readonly string[], settings: Settings): Program => {
  const program = join(root, 'apps/all-in-one/dist', `${name}.js`);
  const child = spawn(process.execPath, ['--enable-source-maps', program, ...args], {
    cwd: root,
    env: cleanEnvironment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const exit = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }));
  return { process: child, exit, stdout: () => output.stdout, stderr: () => output.stderr };
};

/** Starts the server and does not wait: for starts that are expected to fail. Both ports are free ones by default. */
export const launchKeyledger = (settings: Settings): Program =>
  launch('main', [], { KEYLEDGER_HTTP_PORT: '0', KEYLEDGER_GRPC_PORT: '0', ...settings });

/** Runs the program that prints a token. */
export const runToken = (args: readonly string[], settings: Settings): Promise<Exit> =>
  launch('token', args, settings).exit;

/** Waits for the line that says that the server is ready; throws with its output if it ends or takes too long. */
const whenReady = async (program: Program): Promise<void> => {
  const { stdout } = program.process;
  if (stdout === null) throw new Error('The output of the server is not piped.');
  const ready = new Promise<true>((resolve) => {
    stdout.on('data', () => {
      if (/Keyledger is ready[^]*gRPC +\S+\n/.test(program.stdout())) resolve(true);
    });
  });
  const abandoned = new AbortController();
  const late = delay(START_DEADLINE_MS, false, { signal: abandoned.signal }).catch(() => false);
  const isReady = await Promise.race([ready, late, program.exit.then(() => false)]);
  abandoned.abort();
  if (isReady) return;
  program.process.kill('SIGKILL');
  throw new Error(`Keyledger did not start:\n${program.stdout()}\n${program.stderr()}`);
};

const printed = (program: Program, label: string): string => {
  const value = new RegExp(`^ *${label} +(\\S+)$`, 'm').exec(program.stdout())?.[1];
  if (value === undefined) throw new Error(`The server does not print "${label}":\n${program.stdout()}`);
  return value;
};

/** Ends the PostgreSQL that a killed server has left running on the cluster in `location`. */
const stopPostgres = async (location: string): Promise<void> => {
  const pidFile = join(location, 'postgres', 'postmaster.pid');
  const read = (): Promise<string | undefined> => readFile(pidFile, 'utf8').catch(() => undefined);
  const pid = Number((await read())?.split('\n')[0]);
  if (!pid) return;
  process.kill(pid, 'SIGINT');
  // PostgreSQL tells its end by nothing but the disappearance of this file.
  while ((await read()) !== undefined) await delay(20);
};

/** A running server on a data directory of its own. */
export class KeyledgerProcess implements ServerAddress {
  private constructor(
    readonly dataDir: string,
    private readonly settings: Settings,
    private program: Program,
  ) {}

  static async start(settings: Settings): Promise<KeyledgerProcess> {
    const given = settings['KEYLEDGER_DATA_DIR'];
    const dataDir = given ?? (await mkdtemp(join(tmpdir(), `keyledger-e2e-${process.pid}-`)));
    const all = { ...settings, KEYLEDGER_DATA_DIR: dataDir };
    const program = launchKeyledger(all);
    try {
      await whenReady(program);
    } catch (error) {
      await program.exit;
      if (given === undefined) await rm(dataDir, { recursive: true, force: true });
      throw error;
    }
    return new KeyledgerProcess(dataDir, all, program);
  }

  get httpUrl(): string {
    return printed(this.program, 'HTTP');
  }

  get grpcAddress(): string {
    return printed(this.program, 'gRPC');
  }

  get pid(): number {
    return this.program.process.pid ?? NaN;
  }

  /** What the present run has printed so far. */
  get output(): { readonly stdout: string; readonly stderr: string } {
    return { stdout: this.program.stdout(), stderr: this.program.stderr() };
  }

  /** Asks it to end, and waits for that. Throws unless it ends with code 0. */
  async stop(signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM'): Promise<Exit> {
    this.program.process.kill(signal);
    const exit = await this.program.exit;
    if (exit.code !== 0) throw new Error(`Keyledger ended with ${exit.code}:\n${exit.stdout}\n${exit.stderr}`);
    return exit;
  }

  /** Ends it at once, as a power failure would; its PostgreSQL goes on, as after a real kill. */
  async kill(): Promise<Exit> {
    this.program.process.kill('SIGKILL');
    return this.program.exit;
  }

  /** Starts it again on the same data. The addresses change. */
  async start(): Promise<void> {
    const program = launchKeyledger(this.settings);
    await whenReady(program);
    this.program = program;
  }

  /** Ends whatever still runs and removes all data. */
  async remove(): Promise<void> {
    const location = /^ *Data +(\S+)$/m.exec(this.program.stdout())?.[1];
    try {
      const { exitCode, signalCode } = this.program.process;
      if (exitCode === null && signalCode === null) await this.stop();
      const { stdout, stderr } = this.output;
      if (exitCode !== null && exitCode !== 0) throw new Error(`Keyledger ended by itself:\n${stdout}\n${stderr}`);
    } finally {
      if (location !== undefined) {
        await stopPostgres(location);
        await rm(location, { recursive: true, force: true });
      }
      await rm(this.dataDir, { recursive: true, force: true });
    }
  }
}

/** Starts a server of one's own, by default on an empty data directory. Whoever starts it calls `remove`. */
export const startKeyledger = (settings: Settings = {}): Promise<KeyledgerProcess> => KeyledgerProcess.start(settings);
