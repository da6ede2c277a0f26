import { LRUCache } from 'lru-cache';

const SHORTEST_MS = 5_000;
const LONGEST_MS = 5 * 60_000;
const MOST_ENDPOINTS = 10_000;

interface Silent {
  readonly times: number;
  readonly until: Date;
}

/**
 * Endpoints that did not answer the last call. A call to one of them costs its whole deadline, so they are left alone
 * for a while, longer each time, and as long as no attempt waits after another by the schedule at the most.
 */
export class Silence {
  private readonly endpoints = new LRUCache<string, Silent>({ max: MOST_ENDPOINTS });

  /** Until when the endpoint is left alone; long ago where it answers. */
  until(endpointId: string): Date {
    return this.endpoints.get(endpointId)?.until ?? new Date(0);
  }

  /** Whether the last call to it was not answered. */
  note(endpointId: string, isSilent: boolean, now: Date): void {
    if (!isSilent) {
      this.endpoints.delete(endpointId);
      return;
    }
    const times = this.endpoints.get(endpointId)?.times ?? 0;
    const until = new Date(now.getTime() + Math.min(LONGEST_MS, SHORTEST_MS * 2 ** times));
    this.endpoints.set(endpointId, { times: times + 1, until });
  }
}
