import { createHash } from 'node:crypto';
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

/** What is remembered of a caller is bounded too, however long an issuer makes a name. */
const LONGEST_CALLER = 256;

const CALLERS: Readonly<Record<LimitName, string>> = {
  'failed-authentication': 'address failed to authenticate',
  reads: 'caller read',
  writes: 'caller wrote',
  'writes-of-account': 'account was written to',
  'failed-verdicts': 'address showed a credential that was refused',
};

/** Undefined where no address was given, or something else: that is nobody, and is not counted. */
const addressed = (ip: string | null): string | undefined => (ip === null ? undefined : networkOf(ip));

/** Principals stay the same objects as long as their tokens are known. */
const callers = new WeakMap<Principal, string>();

const callerOf = (principal: Principal): string => {
  const known = callers.get(principal);
  if (known !== undefined) return known;
  const name = JSON.stringify([principal.issuer, principal.subject]);
  const caller = name.length > LONGEST_CALLER ? createHash('sha256').update(name).digest('base64') : name;
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

  /** Whether the next one would be too many. */
  isFull(caller: string): boolean {
    const window = this.windows.get(caller);
    return window !== undefined && window.requests >= this.limit.requests;
  }

  /** Throws the problem `too-many-requests` in that case. */
  check(caller: string): void {
    if (this.isFull(caller)) throw this.exceeded(caller);
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
    const network = addressed(ip);
    if (network !== undefined) this.counters['failed-authentication']?.check(network);
  }

  countFailure(ip: string | null): void {
    const network = addressed(ip);
    if (network !== undefined) this.counters['failed-authentication']?.note(network);
  }

  /** The same for credentials that were refused to an end client. */
  requireFewRefusals(ip: string | null): void {
    const network = addressed(ip);
    if (network !== undefined) this.counters['failed-verdicts']?.check(network);
  }

  /** For those who answer others as well, whom one end client must not disturb. */
  hasFewRefusals(ip: string | null): boolean {
    const network = addressed(ip);
    return network === undefined || this.counters['failed-verdicts']?.isFull(network) !== true;
  }

  countRefusal(ip: string | null): void {
    const network = addressed(ip);
    if (network !== undefined) this.counters['failed-verdicts']?.note(network);
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
