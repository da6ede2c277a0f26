import { createHash } from 'node:crypto';
import type { Verdict, VerifyRequest } from './verification.js';

interface Entry {
  readonly verdict: Verdict;
  readonly position: string;
  /** By the clock that never jumps, from when it was asked: the answer may be as old as that. */
  readonly askedAt: number;
  /** By the clock of the world; Infinity for never. */
  readonly expiresAt: number;
}

/** Whether what was known at `known` includes `wanted`. Positions of different logs cannot be compared. */
const isPast = (known: string, wanted: string): boolean => {
  const log = known.lastIndexOf('-');
  return known.length === wanted.length && known.slice(0, log + 1) === wanted.slice(0, log + 1) && known >= wanted;
};

/** The whole question but for its freshness. A digest, so that no credential stays in memory. */
export const keyOf = ({ minPosition: _, ...question }: VerifyRequest): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(question).sort()))
    .digest('base64');

/** Positive verdicts of the last moment. */
export class VerdictCache {
  /** The oldest come first. */
  readonly #entries = new Map<string, Entry>();

  constructor(
    private readonly maxEntries: number,
    private readonly maxAgeMs: number,
  ) {}

  find(key: string, minPosition: string | undefined): Verdict | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const age = performance.now() - entry.askedAt;
    if (age >= this.maxAgeMs || Date.now() >= entry.expiresAt) {
      this.#entries.delete(key);
      return undefined;
    }
    const { verdict, position } = entry;
    if (minPosition !== undefined && !isPast(position, minPosition)) return undefined;
    return { ...verdict, ageMs: (verdict.ageMs ?? 0) + Math.ceil(age) };
  }

  /** Keeps it if it is positive; any other ends what was kept. */
  keep(key: string, verdict: Verdict, askedAt: number): void {
    this.#entries.delete(key);
    const expiresAt = verdict.expiresAt === null ? Infinity : Date.parse(verdict.expiresAt);
    const { position } = verdict;
    if (!verdict.valid || position === null || Number.isNaN(expiresAt)) return;
    // Whoever got it must not be able to change it for the others.
    Object.freeze(verdict.scopes);
    this.#entries.set(key, { verdict: { ...verdict }, position, askedAt, expiresAt });
    if (this.#entries.size <= this.maxEntries) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
