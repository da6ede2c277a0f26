import { setMaxListeners } from 'node:events';
import type { Sender } from '@keyledger/outgoing';
import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type pg from 'pg';
import type { DeliveryQueue } from './queue.js';
import type { Retention } from './retention.js';

/** So long a stop waits for what is in flight: below what a process has for its requests. */
const IN_FLIGHT_MS = 2_500;

/** Aborts when nothing more may be begun, and when what is in flight is broken off. */
export class Stopping {
  private readonly began = new AbortController();
  private readonly cutOff = new AbortController();

  constructor() {
    // Each call in flight listens.
    setMaxListeners(0, this.cutOff.signal);
  }

  get begun(): AbortSignal {
    return this.began.signal;
  }

  get cut(): AbortSignal {
    return this.cutOff.signal;
  }

  begin(): void {
    this.began.abort();
    setTimeout(() => this.cutOff.abort(), IN_FLIGHT_MS).unref();
  }
}

interface Parts {
  readonly queue: DeliveryQueue;
  readonly retention: Retention;
  readonly stopping: Stopping;
  readonly pool: pg.Pool;
  readonly sender: Pick<Sender, 'close'>;
  /** While writes are paused. */
  readonly isPaused: boolean;
}

/** Delivers for as long as the application runs. */
export class DeliveryService implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private ended: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: Parts) {}

  onApplicationBootstrap(): void {
    if (this.parts.isPaused) return;
    this.parts.queue.start();
    this.parts.retention.start();
  }

  /** Beside the doors, which take their time as well. What is not done is taken up by others at once. */
  beforeApplicationShutdown(): void {
    const { queue, retention, stopping } = this.parts;
    stopping.begin();
    this.ended = Promise.all([queue.stop(), retention.stop()]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.ended;
    await this.parts.sender.close();
    await this.parts.pool.end();
  }
}
