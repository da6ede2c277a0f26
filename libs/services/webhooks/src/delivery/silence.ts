import { LRUCache } from 'lru-cache';

const SHORTEST_MS = 5_000;
const LONGEST_MS = 60_000;
const MOST_ENDPOINTS = 100_000;

interface Heard {
  readonly answeredMs: number;
  /** Calls one after the other that were not answered. */
  readonly silentTimes: number;
  readonly untilMs: number;
}

const UNKNOWN: Heard = { answeredMs: 0, silentTimes: 0, untilMs: 0 };

/**
 * Endpoints that answer nothing. A call to one of them costs its whole deadline, so they are left alone for a while,
 * longer each time. One that answers others of its calls meanwhile is none of them.
 */
export class Silence {
  private readonly endpoints = new LRUCache<string, Heard>({ max: MOST_ENDPOINTS });

  /** Until when the endpoint is left alone; long ago where it answers. */
  until(endpoint: string): Date {
    return new Date(this.heard(endpoint).untilMs);
  }

  isSilent(endpoint: string): boolean {
    return this.heard(endpoint).silentTimes > 0;
  }

  /** A call that began at `at` was answered, in whatever way, or was not. */
  note(endpoint: string, isAnswered: boolean, at: Date, now: Date): void {
    if (isAnswered) {
      this.endpoints.set(endpoint, { ...UNKNOWN, answeredMs: now.getTime() });
      return;
    }
    const { answeredMs, silentTimes, untilMs } = this.heard(endpoint);
    // What began before the silence counts with the call that it began with.
    if (answeredMs > at.getTime() || untilMs > at.getTime()) return;
    const leftAloneMs = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** silentTimes);
    this.endpoints.set(endpoint, {
      ...{ answeredMs, silentTimes: silentTimes + 1, untilMs: now.getTime() + leftAloneMs },
    });
  }

  private heard(endpoint: string): Heard {
    return this.endpoints.get(endpoint) ?? UNKNOWN;
  }
}
