import type { CountedUse } from '@keyledger/edge';
import type { VerifiedFacts } from './verifier.js';

const DAY_MS = 86_400_000;

type CountedFacts = Pick<VerifiedFacts, 'accountId' | 'credentialId' | 'version'>;

/** What came of one version of a credential on one day. */
interface Use {
  readonly accountId: string;
  readonly version: number;
  /** Days since 1970, in UTC. */
  readonly day: number;
  valid: number;
  /** 0 for never. */
  lastValidMs: number;
  refusals: Map<string, number> | null;
  /** Another version, or another day. */
  next: Use | null;
}

const countedUse = (credentialId: string, use: Use): CountedUse => ({
  accountId: use.accountId,
  credentialId,
  version: use.version,
  date: new Date(use.day * DAY_MS).toISOString().slice(0, 10),
  lastUsedAt: use.lastValidMs === 0 ? null : new Date(use.lastValidMs),
  counts: [...(use.valid === 0 ? [] : [['VALID', use.valid] as const]), ...(use.refusals ?? [])],
});

/**
 * Counts verdicts until they are taken. It holds something for each credential that was asked about since then, and
 * makes nothing new for one that is there already.
 */
export class UseCounter {
  private readonly uses = new Map<string, Use>();

  /** Past `most` credentials, verdicts on others are not counted. */
  constructor(private readonly most: number) {}

  /** Of how many credentials something is counted. */
  get size(): number {
    return this.uses.size;
  }

  /** False if there is no room. */
  count(facts: CountedFacts, code: string, nowMs: number): boolean {
    const use = this.useOf(facts, Math.floor(nowMs / DAY_MS));
    if (use === undefined) return false;
    if (code === 'VALID') {
      use.valid += 1;
      use.lastValidMs = Math.max(use.lastValidMs, nowMs);
    } else {
      use.refusals ??= new Map();
      use.refusals.set(code, (use.refusals.get(code) ?? 0) + 1);
    }
    return true;
  }

  /** Gives what was counted of so many credentials, and forgets it. */
  take(credentials: number): readonly CountedUse[] {
    const taken: CountedUse[] = [];
    let left = credentials;
    for (const [credentialId, first] of this.uses) {
      if (left === 0) break;
      left -= 1;
      this.uses.delete(credentialId);
      for (let use: Use | null = first; use !== null; use = use.next) taken.push(countedUse(credentialId, use));
    }
    return taken;
  }

  private useOf({ accountId, credentialId, version }: CountedFacts, day: number): Use | undefined {
    const first = this.uses.get(credentialId) ?? null;
    for (let use = first; use !== null; use = use.next) if (use.version === version && use.day === day) return use;
    if (first === null && this.uses.size >= this.most) return undefined;
    const use: Use = { accountId, version, day, valid: 0, lastValidMs: 0, refusals: null, next: first };
    this.uses.set(credentialId, use);
    return use;
  }
}
