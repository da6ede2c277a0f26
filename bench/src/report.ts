import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { median } from './statistics.js';

/** How much is measured. */
export interface Sizes {
  readonly rounds: number;
  readonly roundMs: number;
  readonly warmUpMs: number;
  /** Accounts that creations go to in turn. */
  readonly accounts: number;
  /** Credentials of the large installation, and of a part of it. */
  readonly credentials: number;
  readonly slice: number;
  readonly readsPerRound: number;
  /** Credentials that verifiers know of, where it is not about their number. */
  readonly verified: number;
}

/** One row of the table. */
export interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly reference: string;
  /** Measured to reference, of each round. */
  readonly ratios: readonly number[];
  readonly goal: { readonly atLeast?: number; readonly atMost?: number };
}

interface AloneFigure {
  readonly what: string;
  readonly measured: string;
  readonly value: number;
  readonly atMost: number;
}

const goalText = ({ atLeast, atMost }: Figure['goal'], ratio: number): string => {
  if (atLeast !== undefined) return `>= ${atLeast}: ${ratio >= atLeast ? 'met' : 'missed'}`;
  if (atMost !== undefined) return `<= ${atMost}: ${ratio <= atMost ? 'met' : 'missed'}`;
  return '-';
};

const line = ({ what, measured, reference, ratios, goal }: Figure): string => {
  const ratio = median(ratios);
  const spread = `${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)}`;
  return `| ${what} | ${measured} | ${reference} | ${ratio.toFixed(2)} | ${spread} | ${goalText(goal, ratio)} |`;
};

/** The table that a run ends with. */
export class Report {
  private readonly lines: string[] = [];

  /** Where servers put their CPU profiles; null if none are wanted. */
  readonly profileDir: string | null;

  constructor(
    private readonly outDir: string,
    profile: boolean,
  ) {
    this.profileDir = profile ? outDir : null;
  }

  add(figure: Figure): void {
    this.push(line(figure));
  }

  /** A figure that is held against a goal of its own, and no reference. */
  addAlone({ what, measured, value, atMost }: AloneFigure): void {
    this.push(`| ${what} | ${measured} | - | - | - | ${goalText({ atMost }, value)} |`);
  }

  /** Why there is no figure. */
  note(what: string, why: string): void {
    this.push(`| ${what} | ${why} | - | - | - | - |`);
  }

  private push(text: string): void {
    this.lines.push(text);
    process.stderr.write(`${text}\n`);
  }

  /** Prints the table under `facts`, and keeps it in `results.md`. */
  async finish(facts: readonly string[]): Promise<void> {
    const text = [
      ...facts.map((fact) => `- ${fact}`),
      '',
      '| what | measured | reference | ratio (median of rounds) | lowest-highest | goal |',
      '|---|---|---|---|---|---|',
      ...this.lines,
      '',
    ].join('\n');
    await mkdir(this.outDir, { recursive: true });
    await writeFile(join(this.outDir, 'results.md'), text);
    process.stdout.write(text);
  }
}
