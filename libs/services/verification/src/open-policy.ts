import type { Config } from '@keyledger/edge';
import { Logger } from '@nestjs/common';
import { Counter, Gauge, type Registry } from 'prom-client';

/** What a verdict goes by: what is known now, or what was known last, because the settings allow that. */
export type Basis = 'fresh' | 'policy';

/** Verdicts on credentials of some modes may go by what was known last, however old it is. It must not go unseen. */
export class OpenPolicy {
  private readonly logger = new Logger('verifier');
  private readonly given: Counter;
  private isInForce = false;

  constructor(
    private readonly kinds: Config['verifierOpenFor'],
    registry: Registry,
  ) {
    const registers = [registry];
    this.given = new Counter({
      name: 'keyledger_verdicts_by_policy_total',
      help: 'Verdicts by what was known last, because the policy of their mode is open.',
      registers,
    });
    new Gauge({
      name: 'keyledger_verifier_open_policy',
      help: '1 if credentials of some mode are judged by what is known however old it is, else 0.',
      registers,
    }).set(kinds.length > 0 ? 1 : 0);
    if (kinds.length === 0) return;
    const setting = `KEYLEDGER_VERIFIER_OPEN_FOR=${kinds.join(',')}`;
    this.logger.warn(`${setting}: cut off, this verifier goes by what it knew last, and no receipt guarantees it.`);
  }

  covers(mode: string | null): boolean {
    return this.kinds.some((kind) => kind === (mode ?? 'none'));
  }

  /** Counts a verdict, and tells where it is the first or the last of its kind. */
  note(basis: Basis): void {
    const byPolicy = basis === 'policy';
    if (byPolicy) this.given.inc();
    if (byPolicy === this.isInForce) return;
    this.isInForce = byPolicy;
    if (byPolicy) this.logger.warn('Verdicts are given by policy from now on: revocations may not be known here.');
    else this.logger.log('Verdicts are given by what is known now again, and not by policy.');
  }
}
