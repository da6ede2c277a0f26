import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKeyledger, type KeyledgerProcess } from './keyledger-process.js';
import { launchKeyledger, type Exit, type Settings } from './program.js';

export const exists = (path: string): Promise<boolean> => stat(path).then(Boolean, () => false);

/** The folder of the cluster: PostgreSQL's own user may have to have it elsewhere. */
export const clusterOf = async (dataDir: string): Promise<string> => {
  const elsewhere = await readFile(join(dataDir, 'location'), 'utf8').catch(() => dataDir);
  return join(elsewhere.trim(), 'postgres');
};

/** Starts a server that must not start: it has to end by itself, with one line that says why and nothing else. */
export const failToStart = async (settings: Settings): Promise<string> => {
  const program = launchKeyledger(settings);
  const exit: Exit = await program.exit;
  expect({ code: exit.code, ready: exit.stdout.includes('is ready') }).toEqual({ code: 1, ready: false });
  expect(exit.stderr).toMatch(/^Keyledger cannot start: .+\n$/);
  return exit.stderr;
};

export const expectNoPostgres = async (dataDir: string): Promise<void> => {
  expect(await exists(join(await clusterOf(dataDir), 'postmaster.pid'))).toBe(false);
};

/** Moves a file away while `during` runs, or puts another text into it. */
export const withFile = async (path: string, text: string | null, during: () => Promise<void>): Promise<void> => {
  await rename(path, `${path}.aside`);
  try {
    if (text !== null) await writeFile(path, text, { mode: 0o600 });
    await during();
  } finally {
    await rm(path, { force: true });
    await rename(`${path}.aside`, path);
  }
};

/** A data directory that has been used once, whose server is stopped. Each test leaves it as it was. */
export class UsedDirectory {
  private constructor(
    readonly server: KeyledgerProcess,
    /** For what else a test needs. */
    readonly folder: string,
  ) {}

  static async make(): Promise<UsedDirectory> {
    const folder = await mkdtemp(join(tmpdir(), `keyledger-e2e-${process.pid}-`));
    const server = await startKeyledger();
    await server.stop();
    return new UsedDirectory(server, folder);
  }

  /** With what must keep it from starting. */
  failToStartAgain(settings: Settings = {}): Promise<string> {
    return failToStart({ KEYLEDGER_DATA_DIR: this.server.dataDir, ...settings });
  }

  async remove(): Promise<void> {
    await this.server.remove();
    await rm(this.folder, { recursive: true, force: true });
  }
}
