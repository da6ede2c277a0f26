import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  launchServer,
  whenReady,
  type Addresses,
  type App,
  type Exit,
  type Program,
  type Settings,
} from './program.js';
import type { ServerAddress } from './shared-server-address.js';

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

/** A running server: one app with settings of its own, and by default a data directory of its own. */
export class KeyledgerProcess implements ServerAddress {
  private constructor(
    readonly app: App,
    /** As they were given, with the data directory. */
    readonly settings: Settings & { readonly KEYLEDGER_DATA_DIR: string },
    private program: Program,
    private addresses: Addresses,
  ) {}

  static async start(app: App, settings: Settings): Promise<KeyledgerProcess> {
    const given = settings['KEYLEDGER_DATA_DIR'];
    const dataDir = given ?? (await mkdtemp(join(tmpdir(), `keyledger-e2e-${process.pid}-`)));
    const all = { ...settings, KEYLEDGER_DATA_DIR: dataDir };
    const program = launchServer(app, all);
    try {
      return new KeyledgerProcess(app, all, program, await whenReady(program));
    } catch (error) {
      await program.exit;
      if (given === undefined) await rm(dataDir, { recursive: true, force: true });
      throw error;
    }
  }

  get dataDir(): string {
    return this.settings.KEYLEDGER_DATA_DIR;
  }

  get httpUrl(): string {
    return this.addresses.httpUrl;
  }

  get grpcAddress(): string {
    return this.addresses.grpcAddress;
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
    if (exit.code !== 0) throw new Error(`${this.app} ended with ${exit.code}:\n${exit.stdout}\n${exit.stderr}`);
    return exit;
  }

  /** Ends it at once. Its PostgreSQL stops by itself a moment later, as after a real kill. */
  async kill(): Promise<Exit> {
    this.program.process.kill('SIGKILL');
    return this.program.exit;
  }

  /** Starts it again on the same data. The addresses change. */
  async start(): Promise<void> {
    const program = launchServer(this.app, this.settings);
    this.addresses = await whenReady(program);
    this.program = program;
  }

  /** Ends whatever still runs and removes its data directory. */
  async remove(): Promise<void> {
    const location = /^ *Data +(\S+)$/m.exec(this.program.stdout())?.[1];
    try {
      const { exitCode, signalCode } = this.program.process;
      if (exitCode === null && signalCode === null) await this.stop();
      const { stdout, stderr } = this.output;
      if (exitCode !== null && exitCode !== 0) throw new Error(`${this.app} ended by itself:\n${stdout}\n${stderr}`);
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
export const startKeyledger = (settings: Settings = {}): Promise<KeyledgerProcess> =>
  KeyledgerProcess.start('all-in-one', settings);

/** Starts one of the services apart. Whoever starts it calls `remove`. */
export const startService = (app: Exclude<App, 'all-in-one'>, settings: Settings): Promise<KeyledgerProcess> =>
  KeyledgerProcess.start(app, settings);
