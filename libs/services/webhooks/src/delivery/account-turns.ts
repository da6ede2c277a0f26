interface Line {
  running: number;
  /** In the order in which they came. */
  readonly waiting: (() => void)[];
}

/**
 * Lets so many of one account be at work as others leave free, and always one: who has many endpoints must not take
 * all there is. Of `n` accounts with much to do each has one part of `n + 1` (dynamic thresholds, Choudhury and Hahne
 * 1998), and so there is room for one more.
 */
export class AccountTurns {
  private running = 0;
  private readonly lines = new Map<string, Line>();

  constructor(private readonly most: number) {}

  /** Undefined where it may begin at once; else it may when the promise resolves. Each turn is ended once. */
  take(accountId: string): Promise<void> | undefined {
    const line = this.lines.get(accountId) ?? { running: 0, waiting: [] };
    this.lines.set(accountId, line);
    if (!this.hasRoom(line)) return new Promise((resolve) => line.waiting.push(resolve));
    this.begin(line);
    return undefined;
  }

  /** How many of the account wait for a turn. */
  waiting(accountId: string): number {
    return this.lines.get(accountId)?.waiting.length ?? 0;
  }

  end(accountId: string): void {
    const ended = this.lines.get(accountId);
    if (ended === undefined) return;
    ended.running -= 1;
    this.running -= 1;
    // Those who wait have one at work, or theirs has ended just now: there are not many.
    for (const line of this.lines.values()) this.beginNext(line);
    if (ended.running === 0) this.lines.delete(accountId);
  }

  private hasRoom({ running }: Line): boolean {
    return running < Math.max(1, this.most - this.running);
  }

  private begin(line: Line): void {
    line.running += 1;
    this.running += 1;
  }

  private beginNext(line: Line): void {
    if (line.waiting.length === 0 || !this.hasRoom(line)) return;
    this.begin(line);
    line.waiting.shift()?.();
  }
}
