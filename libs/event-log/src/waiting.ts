/** Wakes all who wait for "something new". A wake-up between reading `count` and waiting is not lost. */
export class Wakeup {
  #count = 0;
  readonly #waiting = new Set<() => void>();

  get count(): number {
    return this.#count;
  }

  wake(): void {
    this.#count += 1;
    for (const resume of [...this.#waiting]) resume();
  }

  /** Resolves after a wake-up since `seen` was read, after `maxMs`, or when `signal` aborts. */
  async wait(seen: number, maxMs: number, signal?: AbortSignal): Promise<void> {
    if (this.#count !== seen || signal?.aborted) return;
    await new Promise<void>((resolve) => {
      const resume = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', resume);
        this.#waiting.delete(resume);
        resolve();
      };
      const timer = setTimeout(resume, maxMs);
      signal?.addEventListener('abort', resume);
      this.#waiting.add(resume);
    });
  }
}

const FIRST_MS = 25;
const MAX_MS = 2_000;

/** How long to wait before the next attempt: doubling to 2 s, with jitter so that processes do not retry in step. */
export const backoffMs = (failures: number): number =>
  Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2);

/** Resolves after `ms`, or at once when `signal` aborts. */
export const pause = async (ms: number, signal?: AbortSignal): Promise<void> => {
  const never = new Wakeup();
  await never.wait(never.count, ms, signal);
};
