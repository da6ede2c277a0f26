import { cpuTimeMs } from './cpu-time.js';
import type { Load } from './load.js';
import type { Report, Sizes } from './report.js';
import { median, quantile } from './statistics.js';

/** One of the servers that are held against each other. */
export interface Contender {
  readonly pid: number;
  run(durationMs: number): Promise<Load>;
}

/** What the rounds of one contender came to. */
export interface Rounds {
  readonly perSecond: readonly number[];
  readonly p99Ms: readonly number[];
  /** CPU time of the server for one request. */
  readonly cpuUs: readonly number[];
}

type Measured = Record<keyof Rounds, number[]>;

/** After a warm-up, rounds of all contenders in turn: what else the machine does meanwhile meets all of them. */
export const alternate = async <N extends string>(
  contenders: Readonly<Record<N, Contender>>,
  { warmUpMs, rounds, roundMs }: Pick<Sizes, 'warmUpMs' | 'rounds' | 'roundMs'>,
): Promise<Readonly<Record<N, Rounds>>> => {
  const entries = Object.entries<Contender>(contenders) as [N, Contender][];
  for (const [, contender] of entries) await contender.run(warmUpMs);
  const measured = {} as Record<N, Measured>;
  for (const [name] of entries) measured[name] = { perSecond: [], p99Ms: [], cpuUs: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, contender] of entries) {
      const beforeMs = await cpuTimeMs(contender.pid);
      const { perSecond, latenciesMs } = await contender.run(roundMs);
      const usedMs = (await cpuTimeMs(contender.pid)) - beforeMs;
      const of = measured[name];
      of.perSecond.push(perSecond);
      of.p99Ms.push(quantile(latenciesMs, 0.99));
      of.cpuUs.push((usedMs * 1000) / latenciesMs.length);
    }
  }
  return measured;
};

const told = ({ perSecond, p99Ms, cpuUs }: Rounds, what: string): string => {
  const cpu = median(cpuUs);
  const perRequest = Number.isNaN(cpu) ? '' : `, ${cpu.toFixed(0)} us CPU each`;
  return `${median(perSecond).toFixed(0)} ${what}/s (p99 ${median(p99Ms).toFixed(1)} ms${perRequest})`;
};

interface Comparison {
  readonly what: string;
  readonly reference: string;
  readonly atLeast: number;
  /** Of the p99 of the reference. */
  readonly p99AtMost?: number;
}

/** Adds what the one came to beside the other. */
export const compare = (report: Report, measured: Rounds, reference: Rounds, comparison: Comparison): void => {
  const { what, atLeast, p99AtMost } = comparison;
  report.add({
    what,
    measured: told(measured, 'requests'),
    reference: `${comparison.reference}: ${told(reference, 'requests')}`,
    ratios: measured.perSecond.map((perSecond, round) => perSecond / (reference.perSecond[round] ?? NaN)),
    goal: { atLeast },
  });
  if (p99AtMost === undefined) return;
  report.add({
    what: `${what}, p99`,
    measured: `${median(measured.p99Ms).toFixed(2)} ms`,
    reference: `${comparison.reference}: ${median(reference.p99Ms).toFixed(2)} ms`,
    ratios: measured.p99Ms.map((p99, round) => p99 / (reference.p99Ms[round] ?? NaN)),
    goal: { atMost: p99AtMost },
  });
};
