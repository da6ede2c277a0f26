import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../operation/problem.js';
import { networkOf } from './ip-address.js';
import type { Principal } from './principal.js';

/** So many requests in so many seconds; null for no limit. */
export type Limit = { readonly requests: number; readonly seconds: number } | null;

/** What a limit is called in the header `RateLimit`, and who it counts. */
type LimitName = 'failed-authentication' | 'reads' | 'writes' | 'writes-of-account';

export type LimitSettings = Readonly<Record<LimitName, Limit>>;

/** Callers that are remembered at a time, of each limit. Of more than that, who was quiet longest is forgotten. */
const MAX_CALLERS = 20_000;

const CALLERS: Readonly<Record<LimitName, string>> = {
  'failed-authentication': 'address failed to authenticate',
  reads: 'caller read',
  writes: 'caller wrote',
  'writes-of-account': 'account was written to',
};

/** Counts in windows of fixed length, in the memory of this process. */
class Counter {
  private readonly limiter: RateLimiterMemory;
  private readonly callers = new LRUCache<string, true>({
    max: MAX_CALLERS,
    dispose: (_, caller) => void this.limiter.delete(caller),
  });

  constructor(
    private readonly name: LimitName,
    private readonly limit: NonNullable<Limit>,
  ) {
    this.limiter = new RateLimiterMemory({ points: limit.requests, duration: limit.seconds });
  }

  /** Throws the problem `too-many-requests`. */
  async count(caller: string): Promise<void> {
    this.callers.set(caller, true);
    try {
      await this.limiter.consume(caller);
    } catch (error) {
      throw error instanceof RateLimiterRes ? this.exceeded(error) : error;
    }
  }

  /** Throws the same where the next one would be too many. */
  async check(caller: string): Promise<void> {
    const state = await this.limiter.get(caller);
    if (state !== null && state.consumedPoints >= this.limit.requests) throw this.exceeded(state);
  }

  /** With the headers of draft-ietf-httpapi-ratelimit-headers. */
  private exceeded({ msBeforeNext }: RateLimiterRes): Problem {
    const { requests, seconds } = this.limit;
    const retryAfter = String(Math.max(1, Math.ceil(msBeforeNext / 1000)));
    const detail = `This ${CALLERS[this.name]} more than ${requests} times in ${seconds} s. Wait ${retryAfter} s.`;
    return new Problem('too-many-requests', detail, [], {
      'Retry-After': retryAfter,
      'RateLimit-Policy': `"${this.name}";q=${requests};w=${seconds}`,
      RateLimit: `"${this.name}";r=0;t=${retryAfter}`,
    });
  }
}

/** How much one caller may ask of this process. */
export class Limits {
  private readonly counters: Readonly<Partial<Record<LimitName, Counter>>>;

  constructor(settings: LimitSettings) {
    const entries = Object.entries(settings) as [LimitName, Limit][];
    this.counters = Object.fromEntries(
      entries.flatMap(([name, limit]) => (limit === null ? [] : [[name, new Counter(name, limit)]])),
    );
  }

  /** To be asked before a token is looked at. */
  async requireFewFailures(ip: string | null): Promise<void> {
    if (ip !== null) await this.counters['failed-authentication']?.check(networkOf(ip));
  }

  async countFailure(ip: string | null): Promise<void> {
    if (ip !== null) await this.counters['failed-authentication']?.count(networkOf(ip)).catch(() => undefined);
  }

  /** Counts a request of an operation, whatever becomes of it. */
  async countRequest({ issuer, subject }: Principal, writes: boolean): Promise<void> {
    await this.counters[writes ? 'writes' : 'reads']?.count(JSON.stringify([issuer, subject]));
  }

  /** Counts a write to an account that the caller may write to. */
  async countAccountWrite(accountId: string): Promise<void> {
    await this.counters['writes-of-account']?.count(accountId);
  }
}
