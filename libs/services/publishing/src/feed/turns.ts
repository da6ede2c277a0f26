import { Wakeup } from '@keyledger/event-log';

/** Lets so many at a time do what costs the log something. */
export class Turns {
  #taken = 0;
  readonly #given = new Wakeup();

  constructor(private readonly most: number) {}

  /** True for a turn, which is then to be given back; false where there is none in the time. */
  async take(ms: number, signal: AbortSignal): Promise<boolean> {
    const deadline = performance.now() + ms;
    while (this.#taken >= this.most) {
      const restMs = deadline - performance.now();
      if (restMs <= 0 || signal.aborted) return false;
      await this.#given.wait(this.#given.count, restMs, signal);
    }
    this.#taken += 1;
    return true;
  }

  give(): void {
    this.#taken -= 1;
    this.#given.wake();
  }
}
