import { setTimeout as sleep } from 'node:timers/promises';
import { AccountTurns } from './account-turns.js';
import type { Attempt } from './attempt.js';
import type { DeliveryStore, DueDelivery } from './delivery-store.js';
import { nextAttemptAt, type Schedule } from './schedule.js';
import { Silence } from './silence.js';

/** Of one endpoint, at a time. It begins with one, and has more as answers come. */
const IN_FLIGHT = 8;
/** Of one account, in one process. */
const DRAINS_OF_ACCOUNT = 8;
const PAGE_SIZE = 16;
const LONGEST_MS = 10_000;
const RETRY_MS = 500;
/** After this a drain waits for its receiver. */
const PATIENCE_MS = 250;
/** Of drains at work, each with no more than a page of messages in memory. */
const MOST_AT_WORK = 320;

interface Parts {
  readonly store: DeliveryStore;
  readonly attempt: Attempt;
  readonly schedule: Schedule;
  /** Aborts when nothing more may be begun. */
  readonly stopping: AbortSignal;
}

/** What one drain works through. */
interface Drain {
  readonly accountId: string;
  readonly endpointId: string;
  readonly untilMs: number;
  inFlight: number;
  /** Whether the last call was not answered in its time. */
  isSilent: boolean;
}

/**
 * Sends what is due, one endpoint at a time, so that a slow one holds up nobody else. Who calls has a place among few
 * that begin; a drain that waits, for its receiver or for others of its account, gives that place back.
 */
export class Drains {
  private readonly turns = new AccountTurns(DRAINS_OF_ACCOUNT);
  private readonly silence = new Silence();
  private readonly running = new Set<Promise<void>>();
  private atWork = 0;

  constructor(private readonly parts: Parts) {}

  /**
   * Resolves when the drain is over, or waits. Never rejects: what fails is tried again, or left to another process at
   * a stop.
   */
  async drain(endpointId: string, drainer: string): Promise<void> {
    const accountId = await this.untilItWorks(() => this.parts.store.claim(endpointId, drainer));
    if (accountId === undefined) return;
    const turn = this.turns.take(accountId);
    const drain = this.drainAll({ accountId, endpointId }, drainer, turn).finally(() => this.running.delete(drain));
    this.running.add(drain);
    if (turn === undefined) await this.whileQuick(drain);
  }

  /** Resolves once none is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.running);
  }

  private async whileQuick(drain: Promise<void>): Promise<void> {
    const over = new AbortController();
    const isOver = drain.then(() => over.abort());
    await sleep(PATIENCE_MS, undefined, { signal: over.signal }).catch(() => undefined);
    if (this.atWork >= MOST_AT_WORK) await isOver;
  }

  private async drainAll(of: Pick<Drain, 'accountId' | 'endpointId'>, drainer: string, turn?: Promise<void>) {
    await turn;
    this.atWork += 1;
    const earliest = await this.work({ ...of, untilMs: performance.now() + LONGEST_MS, inFlight: 1, isSilent: false });
    this.atWork -= 1;
    this.turns.end(of.accountId);
    await this.untilItWorks(() => this.parts.store.release(of.endpointId, drainer, earliest));
  }

  /** Answers with the earliest time for the next drain. */
  private async work(drain: Drain): Promise<Date> {
    const { endpointId } = drain;
    const { attempt, schedule, store } = this.parts;
    try {
      while (!this.isOver(drain) && this.silence.until(endpointId) <= schedule.now()) {
        if (!(await attempt.isFresh())) return new Date(Date.now() + RETRY_MS);
        if (!(await this.mayBeSent(drain))) break;
        const due = await store.due(endpointId, schedule.now(), PAGE_SIZE);
        await this.sendAll(drain, due);
        if (due.length > 0) this.silence.note(endpointId, drain.isSilent, schedule.now());
        // What has come since gets a job when this drain is released.
        if (due.length < PAGE_SIZE) break;
      }
      return this.silence.until(endpointId);
    } catch {
      // The database does not answer, or answered with an error. What was not sent is still due.
      return new Date(Date.now() + RETRY_MS);
    }
  }

  private isOver({ untilMs }: Drain): boolean {
    return this.parts.stopping.aborted || performance.now() > untilMs;
  }

  /** What is pending for an endpoint that is gone or disabled has no time to come. */
  private async mayBeSent({ accountId, endpointId }: Drain): Promise<boolean> {
    const standing = this.parts.attempt.standing(accountId, endpointId);
    if (standing === 'open') return true;
    await this.parts.store.settle(endpointId, standing === 'deleted' ? 'cancelled' : 'held');
    return false;
  }

  private async sendAll(drain: Drain, due: readonly DueDelivery[]): Promise<void> {
    const left = due.values();
    const lines: Promise<void>[] = [];
    const addLines = (): void => {
      while (lines.length < Math.min(drain.inFlight, due.length)) lines.push(sendNext(lines.length));
    };
    const sendNext = async (line: number): Promise<void> => {
      while (line < drain.inFlight && this.mayGoOn(drain)) {
        const next = left.next();
        if (next.done === true) return;
        await this.send(drain, next.value);
        addLines();
      }
    };
    addLines();
    // Also after one has failed the others are waited for: the next drain would send the same again.
    let failure: { readonly reason: unknown } | undefined;
    for (const line of lines) await line.catch((reason: unknown) => (failure = { reason }));
    if (failure !== undefined) throw failure.reason;
  }

  private mayGoOn(drain: Drain): boolean {
    return this.parts.attempt.standing(drain.accountId, drain.endpointId) === 'open' && !this.isOver(drain);
  }

  private async send(drain: Drain, delivery: DueDelivery): Promise<void> {
    const { attempt, store, schedule } = this.parts;
    const at = schedule.now();
    const made = await attempt.make(drain.accountId, delivery, at);
    // Cut off by a stop: whether it arrived is not known, and another process tries again.
    if (made === undefined) return;
    const delivered = made.outcome === 'delivered';
    drain.isSilent = made.outcome === 'timeout';
    drain.inFlight = drain.isSilent ? 1 : Math.min(IN_FLIGHT, drain.inFlight * 2);
    const { messageId, endpointId, failures } = delivery;
    const { outcome, status, durationMs, answer, seenRevision } = made;
    // Who is gone says so for all attempts to come.
    const isLast = delivered || outcome === 'gone';
    const next = isLast ? null : nextAttemptAt(failures + 1, schedule);
    const result = {
      ...{ messageId, endpointId, at, durationMs, outcome, status, answer, delivered, nextAttemptAt: next },
      seenRevision,
    };
    await this.untilItWorks(() => store.record(result));
    await attempt.concluded(drain.accountId, result);
  }

  /** Rejects only at a stop. */
  private async untilItWorks<T>(work: () => Promise<T>): Promise<T | undefined> {
    for (;;) {
      try {
        return await work();
      } catch {
        if (this.parts.stopping.aborted) return undefined;
        await sleep(RETRY_MS);
      }
    }
  }
}
