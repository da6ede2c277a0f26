import type { EventLog, Position } from '@keyledger/event-log';
import type { Accounts } from './accounts.js';

/** Longer than a follower that is at work ever takes. */
const WAIT_MS = 2_000;

/** Where the log stands, asked once for all who want to know it at the same time. */
export class Freshness {
  private asking: Promise<Position> | undefined;
  private next: Promise<Position> | undefined;

  constructor(
    private readonly log: Pick<EventLog, 'head'>,
    private readonly accounts: Pick<Accounts, 'waitFor'>,
  ) {}

  /**
   * Whether what is known of accounts holds all that anybody was told of before this call. Rejects where the log does
   * not answer.
   */
  async reached(): Promise<boolean> {
    return this.accounts.waitFor(await this.head(), WAIT_MS);
  }

  /** The question under way may have been answered before this call, so that it joins the next one. */
  private head(): Promise<Position> {
    if (this.asking === undefined) return this.ask();
    this.next ??= this.asking.then(
      () => this.ask(),
      () => this.ask(),
    );
    return this.next;
  }

  private ask(): Promise<Position> {
    this.next = undefined;
    const asking = this.log.head().finally(() => {
      if (this.asking === asking) this.asking = undefined;
    });
    this.asking = asking;
    return asking;
  }
}
