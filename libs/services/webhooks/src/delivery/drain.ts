import { setTimeout as sleep } from 'node:timers/promises';
import type { DeliveryStore, DueDelivery } from './delivery-store.js';
import type { Attempt } from './attempt.js';
import { nextAttemptAt, type Schedule } from './schedule.js';

/** Of one endpoint, at a time. */
const IN_FLIGHT = 8;
/** Of one account, in one process: who has many endpoints must not take all there is. */
const DRAINS_OF_ACCOUNT = 8;
const PAGE_SIZE = 16;
const LONGEST_MS = 10_000;
const RETRY_MS = 500;
const PUT_BACK_MS = 250;
/** After this a drain waits for its receiver. */
const PATIENCE_MS = 1_000;
/** Of drains that wait so, each with no more than a page of messages in memory. */
const MOST_PATIENT = 256;

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
}

/** Sends what is due, one endpoint at a time, so that a slow one holds up nobody else. */
export class Drains {
  private readonly ofAccount = new Map<string, number>();
  private readonly running = new Set<Promise<void>>();
  private patient = 0;

  constructor(private readonly parts: Parts) {}

  /**
   * Resolves when the drain is over, or waits for a receiver that takes its time, so that who called it has time for
   * others. Never rejects: what fails is tried again, or left to another process at a stop.
   */
  async drain(endpointId: string, drainer: string): Promise<void> {
    const drain = this.drainAll(endpointId, drainer).finally(() => this.running.delete(drain));
    this.running.add(drain);
    const patience = new AbortController();
    const isOver = drain.then(() => patience.abort());
    await sleep(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    if (this.patient >= MOST_PATIENT || patience.signal.aborted) return isOver;
    this.patient += 1;
    void isOver.then(() => (this.patient -= 1));
  }

  /** Resolves once none is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.running);
  }

  private async drainAll(endpointId: string, drainer: string): Promise<void> {
    const accountId = await this.untilItWorks(() => this.parts.store.claim(endpointId, drainer));
    if (accountId === undefined) return;
    let earliest = new Date(0);
    const running = this.ofAccount.get(accountId) ?? 0;
    if (running >= DRAINS_OF_ACCOUNT) {
      earliest = new Date(Date.now() + PUT_BACK_MS);
    } else {
      this.ofAccount.set(accountId, running + 1);
      const drain = { accountId, endpointId, untilMs: performance.now() + LONGEST_MS };
      earliest = await this.work(drain);
      this.leave(accountId);
    }
    await this.untilItWorks(() => this.parts.store.release(endpointId, drainer, earliest));
  }

  private leave(accountId: string): void {
    const left = (this.ofAccount.get(accountId) ?? 1) - 1;
    if (left === 0) this.ofAccount.delete(accountId);
    else this.ofAccount.set(accountId, left);
  }

  /** Answers with the earliest time for the next drain. */
  private async work(drain: Drain): Promise<Date> {
    try {
      while (!this.isOver(drain)) {
        if (!(await this.parts.attempt.isFresh())) return new Date(Date.now() + RETRY_MS);
        if (!(await this.mayBeSent(drain))) return new Date(0);
        const due = await this.parts.store.due(drain.endpointId, this.parts.schedule.now(), PAGE_SIZE);
        await this.sendAll(drain, due);
        // What has come since gets a job when this drain is released.
        if (due.length < PAGE_SIZE) break;
      }
      return new Date(0);
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
    const sendNext = async (): Promise<void> => {
      for (const delivery of left) {
        const isOpen = this.parts.attempt.standing(drain.accountId, drain.endpointId) === 'open';
        if (!isOpen || this.isOver(drain)) return;
        await this.send(drain, delivery);
      }
    };
    // Also after one has failed the others are waited for: the next drain would send the same again.
    const sent = await Promise.allSettled(Array.from({ length: Math.min(IN_FLIGHT, due.length) }, sendNext));
    const failed = sent.find((each) => each.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  private async send({ accountId }: Drain, delivery: DueDelivery): Promise<void> {
    const { attempt, store, schedule } = this.parts;
    const at = schedule.now();
    const made = await attempt.make(accountId, delivery, at);
    // Cut off by a stop: whether it arrived is not known, and another process tries again.
    if (made === undefined) return;
    const delivered = made.outcome === 'delivered';
    const { messageId, endpointId, failures } = delivery;
    const { outcome, status, durationMs, answer } = made;
    // Who is gone says so for all attempts to come.
    const isLast = delivered || outcome === 'gone';
    const next = isLast ? null : nextAttemptAt(failures + 1, schedule);
    const result = {
      ...{ messageId, endpointId, at, durationMs, outcome, status, answer, delivered, nextAttemptAt: next },
    };
    await this.untilItWorks(() => store.record(result));
    await attempt.concluded(accountId, result, made);
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
