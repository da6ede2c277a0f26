/** So much is kept for those who are a little behind. */
const MOST_ITEMS = 4_096;
const MOST_BYTES = 4 * 1_048_576;

/** The latest of what comes, in memory, as much as may be kept. */
export class Recent<T> {
  readonly #items: T[] = [];
  #bytes = 0;

  constructor(private readonly sizeOf: (item: T) => number) {}

  get items(): readonly T[] {
    return this.#items;
  }

  /** Answers with what had to go for it, which is what came first. */
  add(added: readonly T[]): readonly T[] {
    this.#items.push(...added);
    for (const item of added) this.#bytes += this.sizeOf(item);
    let surplus = 0;
    for (const item of this.#items) {
      if (this.#items.length - surplus <= MOST_ITEMS && this.#bytes <= MOST_BYTES) break;
      this.#bytes -= this.sizeOf(item);
      surplus += 1;
    }
    return this.#items.splice(0, surplus);
  }
}
