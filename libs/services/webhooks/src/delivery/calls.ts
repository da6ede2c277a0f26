/** Of one process, at a time. */
const MOST = 1_024;
/** One account may have this part of what others leave over. */
const SHARE = 8;

/** Whose calls they are. */
export interface Called {
  readonly accountId: string;
  readonly endpointId: string;
}

interface Going {
  calls: number;
  /** Of them, those that have failed before. */
  retries: number;
}

const NONE: Readonly<Going> = { calls: 0, retries: 0 };

/**
 * Calls that are on their way, and whether another one may begin. The share of an account becomes smaller as more
 * accounts have slow receivers (dynamic thresholds, Choudhury and Hahne 1998), so that there is always room for one
 * more account. Within it half is kept for endpoints that have no call yet.
 */
export class Calls {
  private total = 0;
  private readonly accounts = new Map<string, number>();
  private readonly endpoints = new Map<string, Going>();
  /** Endpoints by their account that have found no room, the longest first. */
  private readonly waiting = new Map<string, Set<string>>();

  /** `most` of the endpoint at a time; half of them, of those that have failed before. */
  hasRoom({ accountId, endpointId }: Called, isRetry: boolean, most: number): boolean {
    const { calls, retries } = this.endpoints.get(endpointId) ?? NONE;
    if (calls >= most || (isRetry && retries >= Math.max(1, most / 2))) return false;
    const share = Math.max(1, (MOST - this.total) / SHARE);
    return (this.accounts.get(accountId) ?? 0) < (calls === 0 ? share : share / 2);
  }

  begin({ accountId, endpointId }: Called, isRetry: boolean): void {
    this.count(accountId, 1);
    const { calls, retries } = this.endpoints.get(endpointId) ?? NONE;
    this.endpoints.set(endpointId, { calls: calls + 1, retries: retries + (isRetry ? 1 : 0) });
  }

  /** Answers with an endpoint that waits for the room that this makes. */
  end({ accountId, endpointId }: Called, isRetry: boolean): string | undefined {
    this.count(accountId, -1);
    const { calls, retries } = this.endpoints.get(endpointId) ?? NONE;
    if (calls <= 1) this.endpoints.delete(endpointId);
    else this.endpoints.set(endpointId, { calls: calls - 1, retries: retries - (isRetry ? 1 : 0) });
    return this.next(accountId, endpointId);
  }

  /** Until a call of its account ends. */
  wait({ accountId, endpointId }: Called): void {
    const endpoints = this.waiting.get(accountId) ?? new Set();
    this.waiting.set(accountId, endpoints.add(endpointId));
  }

  private count(accountId: string, more: number): void {
    const calls = (this.accounts.get(accountId) ?? 0) + more;
    this.total += more;
    if (calls === 0) this.accounts.delete(accountId);
    else this.accounts.set(accountId, calls);
  }

  private next(accountId: string, endpointId: string): string | undefined {
    const endpoints = this.waiting.get(accountId);
    if (endpoints === undefined) return undefined;
    const [longest] = endpoints;
    const next = endpoints.has(endpointId) ? endpointId : longest;
    if (next !== undefined) endpoints.delete(next);
    if (endpoints.size === 0) this.waiting.delete(accountId);
    return next;
  }
}
