import { setTimeout as delay } from 'node:timers/promises';
import { comparePositions, parsePosition, type EventLog, type Position } from '@keyledger/event-log';
import type { AcknowledgedWrites } from './acknowledged-writes.js';
import type { Call } from './call.js';
import { invalid, Problem } from './problem.js';

/** How long a read waits for the position that the caller demands, and for what this process has acknowledged. */
const DEMANDED_WAIT_MS = 2_000;
const OWN_WRITES_WAIT_MS = 500;

/** The follower behind a read model, as its readers need it. */
export interface ReadModelProgress {
  /** Position of the last event that the read model contains. */
  checkpoint(): Promise<Position>;
  /** True as soon as the read model contains `position`, false after `timeoutMs`. */
  waitForPosition(position: Position, timeoutMs: number): Promise<boolean>;
}

/** Holds a read back until its read model is as fresh as the caller may expect. */
export class ReadGate {
  /** Of every position in the log; unknown before the first one. */
  private length: number | undefined;

  constructor(
    private readonly logId: string,
    private readonly progress: ReadModelProgress,
    /** What its readers may expect to see, because this process has acknowledged it. */
    readonly acknowledged: AcknowledgedWrites,
  ) {}

  /**
   * Waits, then answers with a position at which the read may be said to be made: the read sees at least that much.
   * `accountId` null reads over all accounts. Throws `position-not-reached` or `position-of-another-log`.
   */
  async ready(call: Call, accountId: string | null): Promise<Position> {
    if (call.minPosition !== undefined) await this.demand(call.minPosition);
    const own = this.acknowledged.latest(accountId);
    if (own !== undefined) await this.progress.waitForPosition(own, OWN_WRITES_WAIT_MS);
    return this.progress.checkpoint();
  }

  /** Waits for a position that is needed. Throws `position-not-reached` or `position-of-another-log`. */
  async demand(position: Position): Promise<void> {
    const parsed = parsePosition(position);
    if (parsed === null) throw invalid('minPosition', 'is not a position');
    // The engines give places of different widths, which would compare as texts but mean nothing.
    this.length ??= (await this.progress.checkpoint()).length;
    if (parsed.logId !== this.logId) {
      throw new Problem('position-of-another-log', 'minPosition comes from another log than the one served here.');
    }
    if (position.length !== this.length) throw invalid('minPosition', 'is not a position of this log');
    if (await this.progress.waitForPosition(position, DEMANDED_WAIT_MS)) return;
    const detail = 'The read model has not reached minPosition yet. Ask again in a moment.';
    throw new Problem('position-not-reached', detail, [], { 'Retry-After': '1' });
  }
}

const ASK_EVERY_MS = 25;

const headOf = (log: EventLog): ReadModelProgress => ({
  checkpoint: () => log.head(),
  waitForPosition: async (position, timeoutMs) => {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      if (comparePositions(await log.head(), position) >= 0) return true;
      if (performance.now() >= deadline) return false;
      await delay(ASK_EVERY_MS);
    }
  },
});

/** For reads of the log itself: other processes may write what a caller waits for. */
export class LogGate extends ReadGate {
  constructor(log: EventLog, acknowledged: AcknowledgedWrites) {
    super(log.logId, headOf(log), acknowledged);
  }
}
