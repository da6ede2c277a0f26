import { setTimeout as sleep } from 'node:timers/promises';
import { LogUnavailable, LogReplaced, type EventLog } from '@keyledger/event-log';
import { CHECK_WRITES, isPassing, isReadOnly } from '@keyledger/postgres';
import { Injectable } from '@nestjs/common';
import type { HealthIndicatorResult } from '@nestjs/terminus';
import { PinoLogger } from 'nestjs-pino';
import { Gauge } from 'prom-client';
import { Metrics } from './metrics.js';
import type { Config } from '../settings/config.js';
import type pg from 'pg';

/** What a part says of itself, for anyone to read: its state, its position, the reason why it is down. No secrets. */
export interface PartState {
  readonly up: boolean;
  readonly [detail: string]: unknown;
}

/** Settles soon, without waiting for the part to come up. One that does not counts as down. */
export type Probe = () => Promise<PartState>;

const PROBE_DEADLINE_MS = 2_500;

/** A probe of a part that is frozen would be waited for by whoever asks. */
const inTime = (probe: Probe): Promise<PartState> => {
  const late = { up: false, reason: `no answer within ${PROBE_DEADLINE_MS} ms` };
  return Promise.race([probe(), sleep(PROBE_DEADLINE_MS, late, { ref: false })]);
};

const reasonFor = (error: unknown): string => {
  if (isReadOnly(error)) return 'it takes no writes';
  return error instanceof LogUnavailable || isPassing(error) ? 'it does not answer' : 'the probe failed';
};

/** What a follower is that has not come to the end of the log yet. */
const STARTING: ReadonlySet<unknown> = new Set(['starting', 'catching-up']);

/** The parts without which this process should get no traffic. Each registers itself at boot. */
@Injectable()
export class Readiness {
  private readonly probes = new Map<string, Probe>();
  private readonly watched = new Map<string, Probe>();
  private readonly known = new Map<string, boolean>();
  private readonly gauge: Gauge<'part'>;

  constructor(
    private readonly logger: PinoLogger,
    metrics: Metrics,
  ) {
    const help = '1 while the part can serve requests, 0 while it cannot: the log, the database, each read model.';
    this.gauge = new Gauge({ name: 'keyledger_part_up', help, labelNames: ['part'], registers: [metrics.registry] });
  }

  add(part: string, probe: Probe): void {
    if (this.probes.has(part)) throw new Error(`There is a readiness probe of ${part} already.`);
    this.probes.set(part, probe);
  }

  /** For a part without which this process goes on for a while: metrics and log tell of it, and that is all. */
  watch(part: string, probe: Probe): void {
    this.watched.set(part, probe);
  }

  /** Whether all parts are up now. */
  async isReady(): Promise<boolean> {
    // Nobody waits for one that does not count.
    for (const [part, probe] of this.watched) void this.ask(part, probe);
    const states = await Promise.all([...this.probes].map(([part, probe]) => this.ask(part, probe)));
    return states.every(({ up }) => up);
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
      const state = await inTime(probe);
      this.note(part, state);
      return state;
    } catch (error) {
      // What an error says is for our log; the answer is for anyone.
      const state = { up: false, reason: reasonFor(error) };
      this.note(part, state, error);
      return state;
    }
  }

  /** A line for each change: readiness is asked for again and again. */
  private note(part: string, { up, reason, state }: PartState, error?: unknown): void {
    const before = this.known.get(part);
    this.gauge.set({ part }, up ? 1 : 0);
    // A start is no trouble.
    if (!up && before === undefined && STARTING.has(state)) return;
    this.known.set(part, up);
    if (up === (before ?? true)) return;
    if (up) this.logger.info({ part }, 'A part is up again');
    else this.logger.warn({ part, reason, err: error }, 'A part is down');
  }
}

interface Stores {
  readonly config: Config;
  readonly log: EventLog;
  readonly pool: pg.Pool;
}

/** Whether the log answers, takes appends, and is still the one that this process has opened. */
const probeLog = async ({ config, log }: Stores): Promise<PartState> => {
  const details = { engine: config.eventLog, logId: log.logId, readOnly: config.readOnly };
  try {
    await log.ping();
    return { up: true, ...details };
  } catch (error) {
    if (error instanceof LogReplaced) return { up: false, ...details, reason: error.message };
    throw error;
  }
};

/** What every process stands on, asked itself: a follower on standby, for one, does not need the log all the time. */
export const storeProbes = (stores: Stores): Readonly<Record<string, Probe>> => ({
  log: () => probeLog(stores),
  database: async () => {
    // Read models and secrets are written there: a database that takes no writes will not do.
    await stores.pool.query(CHECK_WRITES);
    return { up: true };
  },
});
