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
