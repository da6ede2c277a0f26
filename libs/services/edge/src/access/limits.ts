import { LRUCache } from 'lru-cache';
import type { Config } from '../settings/config.js';
import { Problem } from '../operation/problem.js';
import { networkOf } from './ip-address.js';
import type { Principal } from './principal.js';

/** So many requests in so many seconds; null for no limit. */
export type Limit = { readonly requests: number; readonly seconds: number } | null;

/** What a limit is called in the header `RateLimit`, and who it counts. */
type LimitName = 'failed-authentication' | 'reads' | 'writes' | 'writes-of-account' | 'failed-verdicts';

export type LimitSettings = Readonly<Record<LimitName, Limit>>;

/** Of the settings. */
export const limitsOf = (config: Config): LimitSettings => ({
  'failed-authentication': config.limitFailedAuthentication,
  reads: config.limitReads,
  writes: config.limitWrites,
  'writes-of-account': config.limitAccountWrites,
  'failed-verdicts': config.limitFailedVerdicts,
});

/** Callers that are remembered at a time, of each limit. Of more than that, who was quiet longest is forgotten. */
const MAX_CALLERS = 20_000;

const CALLERS: Readonly<Record<LimitName, string>> = {
  'failed-authentication': 'address failed to authenticate',
  reads: 'caller read',
  writes: 'caller wrote',
  'writes-of-account': 'account was written to',
  'failed-verdicts': 'address showed a credential that was refused',
};

/** Principals stay the same objects as long as their tokens are known. */
const callers = new WeakMap<Principal, string>();

const callerOf = (principal: Principal): string => {
  const known = callers.get(principal);
  if (known !== undefined) return known;
  const caller = JSON.stringify([principal.issuer, principal.subject]);
  callers.set(principal, caller);
  return caller;
};

/** Counts in windows of fixed length, in the memory of this process. It is asked several times in each request. */
class Counter {
  /** The window of each caller, which is gone once its time is over. */
  private readonly windows: LRUCache<string, { requests: number }>;

  constructor(
    private readonly name: LimitName,
    private readonly limit: NonNullable<Limit>,
  ) {
    this.windows = new LRUCache({ max: MAX_CALLERS, ttl: limit.seconds * 1000, ttlResolution: 0 });
  }

  note(caller: string): void {
    const window = this.windows.get(caller);
    if (window === undefined) this.windows.set(caller, { requests: 1 });
    else window.requests += 1;
  }

  /** Throws the problem `too-many-requests` where the next one would be too many. */
  check(caller: string): void {
    const window = this.windows.get(caller);
    if (window !== undefined && window.requests >= this.limit.requests) throw this.exceeded(caller);
  }

  /** Notes one, or throws the same. */
  take(caller: string): void {
    this.check(caller);
    this.note(caller);
  }

  /** With the headers of draft-ietf-httpapi-ratelimit-headers. */
  private exceeded(caller: string): Problem {
    const { requests, seconds } = this.limit;
    const retryAfter = String(Math.max(1, Math.ceil(this.windows.getRemainingTTL(caller) / 1000)));
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

  /** To be asked before a token is verified that was not good before. */
  requireFewFailures(ip: string | null): void {
    if (ip !== null) this.counters['failed-authentication']?.check(networkOf(ip));
  }

  countFailure(ip: string | null): void {
    if (ip !== null) this.counters['failed-authentication']?.note(networkOf(ip));
  }

  /** The same for credentials that were refused to an end client. */
  requireFewRefusals(ip: string | null): void {
    if (ip !== null) this.counters['failed-verdicts']?.check(networkOf(ip));
  }

  countRefusal(ip: string | null): void {
    if (ip !== null) this.counters['failed-verdicts']?.note(networkOf(ip));
  }

  /** Counts a request of an operation, whatever becomes of it. */
  countRequest(principal: Principal, writes: boolean): void {
    this.counters[writes ? 'writes' : 'reads']?.take(callerOf(principal));
  }

  /** Counts a write to an account that the caller may write to. */
  countAccountWrite(accountId: string): void {
    this.counters['writes-of-account']?.take(accountId);
  }
}
