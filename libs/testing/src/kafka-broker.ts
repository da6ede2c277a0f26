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
  readonly pid: number;
}

const run = async (dataDir: string, port: string): Promise<Running> => {
  const program = spawn(process.execPath, [PROGRAM, '--data', dataDir, '--port', port], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
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
    private running: Running,
  ) {}

  /** Rejects, with what is missing, on a machine without Java, or without Maven the first time. */
  static async start(): Promise<KafkaBroker> {
    const dataDir = await mkdtemp(join(tmpdir(), `keyledger-kafka-${process.pid}-`));
    try {
      return new KafkaBroker(dataDir, await run(dataDir, '0'));
    } catch (error) {
      await rm(dataDir, { recursive: true, force: true });
      throw error;
    }
  }

  get brokers(): string {
    return this.running.brokers;
  }

  /** It takes connections, and answers nothing. */
  freeze(): void {
    process.kill(this.running.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.running.pid, 'SIGCONT');
  }

  /** Ends it at once, and starts it again at the same address. */
  async restart(): Promise<void> {
    process.kill(this.running.pid, 'SIGKILL');
    await once(this.running.program, 'exit');
    this.running = await run(this.dataDir, this.brokers.split(':')[1] ?? '');
  }

  async remove(): Promise<void> {
    this.running.program.kill('SIGTERM');
    await once(this.running.program, 'exit');
    await rm(this.dataDir, { recursive: true, force: true });
  }
}
