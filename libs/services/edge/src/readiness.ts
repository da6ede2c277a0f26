import { Injectable } from '@nestjs/common';
import type { HealthIndicatorResult } from '@nestjs/terminus';
import { PinoLogger } from 'nestjs-pino';

/** What a part says of itself, for anyone to read: its state, its position, the reason why it is down. No secrets. */
export interface PartState {
  readonly up: boolean;
  readonly [detail: string]: unknown;
}

/** Settles soon, without waiting for the part to come up. */
export type Probe = () => Promise<PartState>;

/** The parts without which this process should get no traffic. Each registers itself at boot. */
@Injectable()
export class Readiness {
  private readonly probes = new Map<string, Probe>();

  constructor(private readonly logger: PinoLogger) {}

  add(part: string, probe: Probe): void {
    if (this.probes.has(part)) throw new Error(`There is a readiness probe of ${part} already.`);
    this.probes.set(part, probe);
  }

  /** One check for each part, in the form of terminus. None of them rejects. */
  checks(): (() => Promise<HealthIndicatorResult>)[] {
    return [...this.probes].map(([part, probe]) => async () => {
      const { up, ...details } = await this.ask(part, probe);
      return { [part]: { ...details, status: up ? 'up' : 'down' } };
    });
  }

  private async ask(part: string, probe: Probe): Promise<PartState> {
    try {
      return await probe();
    } catch (error) {
      // What an error says is for our log; the answer is for anyone.
      this.logger.warn({ err: error, part }, 'A readiness probe failed');
      return { up: false, reason: 'the probe failed' };
    }
  }
}
