import { performance } from 'node:perf_hooks';

export interface Load {
  readonly perSecond: number;
  /** How long each operation took, in ms. */
  readonly latenciesMs: readonly number[];
}

/**
 * Lets every worker do one operation after the other until the time is over, and waits for those under way. The first
 * operation that fails ends it all: a figure with errors in it would mean nothing.
 */
export const load = async (workers: readonly (() => Promise<void>)[], durationMs: number): Promise<Load> => {
  const latenciesMs: number[] = [];
  const startedMs = performance.now();
  const run = async (operation: () => Promise<void>): Promise<void> => {
    for (let nowMs = performance.now(); nowMs < startedMs + durationMs;) {
      await operation();
      const doneMs = performance.now();
      latenciesMs.push(doneMs - nowMs);
      nowMs = doneMs;
    }
  };
  await Promise.all(workers.map(run));
  return { perSecond: (latenciesMs.length / (performance.now() - startedMs)) * 1000, latenciesMs };
};
