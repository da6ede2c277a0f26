interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: (isDone: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** Does together what comes while it is at work, so that many callers share one commit. */
export class Group<Item> {
  private waiting: Waiting<Item>[] = [];
  private isAtWork = false;

  /** `work` answers for which of the items it was done. */
  constructor(
    private readonly work: (items: readonly Item[]) => Promise<ReadonlySet<Item>>,
    private readonly maxItems: number,
  ) {}

  /** Whether it was done for this item. Rejects with what the work threw. */
  add(item: Item): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.isAtWork) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.isAtWork = true;
    await Promise.resolve(); // What comes in the same turn shares the first work too.
    while (this.waiting.length > 0) await this.workOn(this.waiting.splice(0, this.maxItems));
    this.isAtWork = false;
  }

  private async workOn(taken: readonly Waiting<Item>[]): Promise<void> {
    try {
      const done = await this.work(taken.map(({ item }) => item));
      for (const { item, resolve } of taken) resolve(done.has(item));
    } catch (error) {
      for (const { reject } of taken) reject(error);
    }
  }
}
