import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../../tools/kafka/start.mjs', import.meta.url));

interface Running {
  readonly program: ChildProcess;
  readonly brokers: string;
  /** Addresses of the further listeners, by name. */
  readonly listeners: Readonly<Record<string, string>>;
  readonly pid: number;
}

const run = async (args: readonly string[]): Promise<Running> => {
  const program = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  program.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  const ended = once(program, 'exit').then(() => Promise.reject(new Error(complaint.trim())));
  ended.catch(() => undefined);
  const [line] = (await Promise.race([once(createInterface(program.stdout), 'line'), ended])) as [string];
  return { program, ...(JSON.parse(line) as Omit<Running, 'program'>) };
};

/** A real broker of Apache Kafka, one node, with an empty data directory of its own. */
export class KafkaBroker {
  private constructor(
    private readonly dataDir: string,
    private readonly args: readonly string[],
    private running: Running,
  ) {}

  /**
   * With further arguments of `tools/kafka/start.mjs`. Rejects, with what is missing, on a machine without Java, or
   * without Maven the first time.
   */
  static async start(further: readonly string[] = []): Promise<KafkaBroker> {
    const dataDir = await mkdtemp(join(tmpdir(), `keyledger-kafka-${process.pid}-`));
    // Of an option that comes twice the later one counts.
    const args = ['--data', dataDir, '--port', '0', ...further];
    try {
      return new KafkaBroker(dataDir, args, await run(args));
    } catch (error) {
      await rm(dataDir, { recursive: true, force: true });
      throw error;
    }
  }

  /**
   * As `start`, for a suite that is skipped in sight where there can be no broker: undefined then. Rejects where one is
   * required.
   */
  static async startIfThere(what: string, further: readonly string[] = []): Promise<KafkaBroker | undefined> {
    try {
      return await KafkaBroker.start(further);
    } catch (error) {
      if ((process.env['KEYLEDGER_REQUIRE'] ?? '').split(',').includes('kafka')) throw error;
      process.stderr.write(`NOT RUN: ${what}. ${error instanceof Error ? error.message : ''}\n`);
      return undefined;
    }
  }

  get brokers(): string {
    return this.running.brokers;
  }

  get listeners(): Readonly<Record<string, string>> {
    return this.running.listeners;
  }

  /** It takes connections, and answers nothing. */
  freeze(): void {
    process.kill(this.running.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.running.pid, 'SIGCONT');
  }

  /** Ends it at once, and starts it again. `brokers` stays the same, further listeners do not. */
  async restart(): Promise<void> {
    process.kill(this.running.pid, 'SIGKILL');
    await once(this.running.program, 'exit');
    this.running = await run([...this.args, '--port', this.brokers.split(':')[1] ?? '']);
  }

  async remove(): Promise<void> {
    const { program } = this.running;
    // Where it could not be started again there is none.
    if (program.exitCode === null && program.signalCode === null) {
      program.kill('SIGTERM');
      await once(program, 'exit');
    }
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
