import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { AccountTurns } from './account-turns.js';
import type { Attempt, Made } from './attempt.js';
import { Calls, type Called } from './calls.js';
import type { DeliveryStore, DueDelivery } from './delivery-store.js';
import { nextAttemptAt, type Schedule } from './schedule.js';
import { Silence } from './silence.js';
import { Standstill } from './standstill.js';

/** Of one endpoint, at a time, in one process. */
const IN_FLIGHT = 8;
/** At work in one process, unless each is of another account. */
const MOST_AT_WORK = 24;
/** Read at a time: of what was never attempted, and of what has failed before. */
const PAGE = { first: 32, again: 8 };
/** After this others have their turn. */
const LONGEST_MS = 500;
const RETRY_MS = 500;
/** A drain that hears no answer for so long is over. Its calls go on without it. */
const PATIENCE_MS = 100;
/** And for so long where the last drain ended so: many slow receivers must not take all drains there are. */
const SHORT_PATIENCE_MS = 20;
/** Who answers within this time is not slow: the process may be a busy one. */
const QUICK_MS = 1_000;
const MOST_SLOW = 100_000;
/** A delivery whose call takes longer is due again then, should this process be gone. Longer than any call takes. */
const ASIDE_MS = 20_000;

interface Parts {
  readonly store: DeliveryStore;
  readonly attempt: Attempt;
  readonly schedule: Schedule;
  /** Aborts when nothing more may be begun. */
  readonly stopping: AbortSignal;
}

/** Whether there may be more than was read. */
const isFull = (due: readonly DueDelivery[]): boolean => {
  const again = due.filter(({ failures }) => failures > 0).length;
  return again === PAGE.again || due.length - again === PAGE.first;
};

/** What one drain works through. */
interface Drain extends Called {
  readonly untilMs: number;
  /** Calls that it has begun. */
  begun: number;
  /** Whether something due has found no room. */
  isShort: boolean;
}

/** What is not answered of a page, and whether answers still come. */
interface Going {
  readonly deliveries: Set<DueDelivery>;
  readonly standstill: Standstill;
}

/**
 * Sends what is due, one endpoint at a time, so that a slow one holds up nobody else: calls that are not answered soon
 * are put aside, and the next drain begins others beside them, as many as there is room for.
 */
export class Drains {
  private readonly turns = new AccountTurns(MOST_AT_WORK);
  private readonly calls = new Calls();
  private readonly silence = new Silence();
  /** Endpoints of which a drain has heard no answer, and that have not answered quickly since then. */
  private readonly slow = new LRUCache<string, true>({ max: MOST_SLOW });
  private readonly running = new Set<Promise<unknown>>();

  constructor(private readonly parts: Parts) {}

  /**
   * Resolves when the drain is over, or waits for others of its account. Never rejects: what fails is tried again, or
   * left to another process at a stop.
   */
  async drain(endpointId: string, drainer: string): Promise<void> {
    const accountId = await this.untilItWorks(() => this.parts.store.claim(endpointId, drainer));
    if (accountId === undefined) return;
    const turn = this.turns.take(accountId);
    const drain = this.follow(this.drainAll({ accountId, endpointId }, drainer, turn));
    if (turn === undefined) await drain;
  }

  /** Resolves once no drain and no call is under way. */
  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  private follow<T>(work: Promise<T>): Promise<T> {
    const ended: Promise<unknown> = work.catch(() => undefined).then(() => this.running.delete(ended));
    this.running.add(ended);
    return work;
  }

  private async drainAll(called: Called, drainer: string, turn?: Promise<void>): Promise<void> {
    await turn;
    const drain = { ...called, untilMs: performance.now() + LONGEST_MS, begun: 0, isShort: false };
    const earliest = await this.work(drain);
    this.turns.end(called.accountId);
    await this.untilItWorks(() => this.parts.store.release(called.endpointId, drainer, earliest));
    // Only now, because what wakes a drain passes over one that is not released.
    if (!drain.isShort) return;
    if (this.hasRoom(called, true)) this.parts.store.wakeSoon([called.endpointId]);
    else this.calls.wait(called);
  }

  /** Answers with the earliest time for the next drain. */
  private async work(drain: Drain): Promise<Date> {
    try {
      while (!this.isOver(drain) && this.silentUntil(drain) <= this.parts.schedule.now()) {
        if (!(await this.parts.attempt.isFresh())) return new Date(Date.now() + RETRY_MS);
        // What has come since gets a job when this drain is released.
        if (!(await this.mayBeSent(drain)) || !(await this.sendPage(drain))) break;
      }
    } catch {
      // The database does not answer, or answered with an error. What was not sent is still due.
      return new Date(Date.now() + RETRY_MS);
    }
    const silentUntil = this.silentUntil(drain);
    return drain.isShort ? new Date(Math.max(silentUntil.getTime(), Date.now() + ASIDE_MS)) : silentUntil;
  }

  /** Whether there may be more to send now. */
  private async sendPage(drain: Drain): Promise<boolean> {
    const due = await this.parts.store.due(drain.endpointId, this.parts.schedule.now(), PAGE);
    const { begun } = drain;
    drain.isShort = false;
    await this.sendAll(drain, due);
    return drain.begun > begun && isFull(due);
  }

  private silentUntil(called: Called): Date {
    return this.silence.until(this.heardAs(called));
  }

  private isOver({ untilMs }: Drain): boolean {
    return this.parts.stopping.aborted || performance.now() > untilMs;
  }

  /** A changed endpoint may be another server. */
  private heardAs({ accountId, endpointId }: Called, revision = this.parts.attempt.revision(accountId, endpointId)) {
    return `${endpointId}/${revision}`;
  }

  private hasRoom(called: Called, isRetry: boolean): boolean {
    return this.calls.hasRoom(called, isRetry, this.silence.isSilent(this.heardAs(called)) ? 1 : IN_FLIGHT);
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
    const standstill = new Standstill(this.slow.has(drain.endpointId) ? SHORT_PATIENCE_MS : PATIENCE_MS);
    const going: Going = { deliveries: new Set(), standstill };
    const line = async (): Promise<void> => {
      for (const delivery of left) {
        if (!this.mayGoOn(drain)) return;
        if (this.hasRoom(drain, delivery.failures > 0)) {
          await this.begin(drain, delivery, going);
          continue;
        }
        drain.isShort = true;
        // Where others are to be tried again, what is new may still have room.
        if (delivery.failures === 0) return;
      }
    };
    // Also after one has failed the others are waited for: the next drain would send the same again.
    const lines = await Promise.allSettled(Array.from({ length: IN_FLIGHT }, line));
    standstill.end();
    if (going.deliveries.size > 0) this.slow.set(drain.endpointId, true);
    await this.putAside([...going.deliveries]);
    const failed = lines.find((each) => each.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  private mayGoOn(drain: Drain): boolean {
    return this.parts.attempt.standing(drain.accountId, drain.endpointId) === 'open' && !this.isOver(drain);
  }

  /** Resolves once the delivery is over, or the drain waits no longer for what is on its way. */
  private async begin(drain: Drain, delivery: DueDelivery, { deliveries, standstill }: Going): Promise<void> {
    drain.begun += 1;
    deliveries.add(delivery);
    const answered = (): void => {
      deliveries.delete(delivery);
      standstill.move();
    };
    const call = this.follow(this.call(drain, delivery, answered));
    await Promise.race([call, standstill.reached]);
    if (!deliveries.has(delivery)) await call;
  }

  /** What is still on its way is left alone, also by other processes, until its call is over. */
  private async putAside(late: readonly DueDelivery[]): Promise<void> {
    const until = new Date(Date.now() + ASIDE_MS);
    await this.untilItWorks(() => Promise.all(late.map((delivery) => this.parts.store.putAside(delivery, until))));
  }

  /** One call, which is counted until its result is kept. */
  private async call(called: Called, delivery: DueDelivery, answered: () => void): Promise<void> {
    const isRetry = delivery.failures > 0;
    this.calls.begin(called, isRetry);
    try {
      await this.send(called, delivery, answered);
    } finally {
      const waiting = this.calls.end(called, isRetry);
      if (waiting !== undefined) this.parts.store.wakeSoon([waiting]);
    }
  }

  private async send(called: Called, delivery: DueDelivery, answered: () => void): Promise<void> {
    const { attempt, store, schedule } = this.parts;
    const at = schedule.now();
    const made = await attempt.make(called.accountId, delivery, at).finally(answered);
    // Cut off by a stop: whether it arrived is not known, and another process tries again.
    if (made === undefined) return store.giveBack(delivery);
    if (made.durationMs < QUICK_MS) this.slow.delete(called.endpointId);
    const isAnswered = made.outcome !== 'timeout';
    this.silence.note(this.heardAs(called, made.seenRevision), isAnswered, at, schedule.now());
    const result = this.resultOf(delivery, made, at);
    await this.untilItWorks(() => store.record(result));
    await attempt.concluded(called.accountId, result);
  }

  private resultOf({ messageId, endpointId, failures }: DueDelivery, made: Made, at: Date) {
    const { outcome } = made;
    const delivered = outcome === 'delivered';
    // Who is gone says so for all attempts to come.
    const isLast = delivered || outcome === 'gone';
    const next = isLast ? null : nextAttemptAt(failures + 1, this.parts.schedule);
    return { ...made, messageId, endpointId, at, delivered, nextAttemptAt: next };
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
