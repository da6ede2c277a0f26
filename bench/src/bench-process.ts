import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A program of the benchmark's own in a process of its own, like the servers that it is compared with. */
export interface BenchProcess<T> {
  /** What it said once it was ready. */
  readonly said: T;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a program of this folder with a task, and waits for the first thing that it says. */
export const startBenchProcess = async <T>(
  program: 'reference-server' | 'peer-server' | 'index-process' | 'webhook-receiver',
  task: unknown,
  execArgv: readonly string[] = [],
): Promise<BenchProcess<T>> => {
  const child = fork(fileURLToPath(new URL(`./${program}.js`, import.meta.url)), [], {
    execArgv: ['--enable-source-maps', ...execArgv],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    serialization: 'advanced',
  });
  const kill = (): void => void child.kill();
  process.once('exit', kill);
  const ended = once(child, 'exit');
  const failed = ended.then(() => Promise.reject(new Error(`${program} ended before it was ready.`)));
  failed.catch(() => undefined);
  child.send(task as object);
  const [said] = (await Promise.race([once(child, 'message'), failed])) as [T];
  return {
    said,
    pid: child.pid ?? 0,
    async stop() {
      process.off('exit', kill);
      child.kill();
      await ended;
    },
  };
};

/** What `startBenchProcess` has sent, in that process. */
export const taskOf = async <T>(): Promise<T> => {
  const [task] = (await once(process, 'message')) as [T];
  process.once('disconnect', () => process.exit());
  return task;
};

/** Says that this process is ready. */
export const say = (message: object): void => void process.send?.(message);
