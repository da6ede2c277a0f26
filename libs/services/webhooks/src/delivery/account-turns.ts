interface Line {
  running: number;
  /** In the order in which they came. */
  readonly waiting: (() => void)[];
}

/** Lets so many of one account be at work at a time: who has many endpoints must not take all there is. */
export class AccountTurns {
  private readonly lines = new Map<string, Line>();

  constructor(private readonly most: number) {}

  /** Undefined where it may begin at once; else it may when the promise resolves. Each turn is ended once. */
  take(accountId: string): Promise<void> | undefined {
    const line = this.lines.get(accountId) ?? { running: 0, waiting: [] };
    this.lines.set(accountId, line);
    if (line.running >= this.most) return new Promise((resolve) => line.waiting.push(resolve));
    line.running += 1;
    return undefined;
  }

  /** How many of the account wait for a turn. */
  waiting(accountId: string): number {
    return this.lines.get(accountId)?.waiting.length ?? 0;
  }

  end(accountId: string): void {
    const line = this.lines.get(accountId);
    if (line === undefined) return;
    const next = line.waiting.shift();
    if (next !== undefined) return next();
    line.running -= 1;
    if (line.running === 0) this.lines.delete(accountId);
  }
}
