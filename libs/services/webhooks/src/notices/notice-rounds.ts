import type { FollowerRunner } from '@keyledger/edge';
import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { NoticeSweep } from './notice-sweep.js';

const PERIOD_MS = 60_000;
const HOUR_SECONDS = 3_600;
const DAY_MS = 24 * HOUR_SECONDS * 1_000;
/** What came due while nothing ran, or the tables were behind, is still told within this time. */
const LATEST_SECONDS = 8 * 24 * HOUR_SECONDS;

/** Looks every minute for what has come due. Any number of replicas may do it: each step is told once. */
export class NoticeRounds implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('webhook notices');
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private running: Promise<unknown> = Promise.resolve();
  private nextFullMs = 0;

  constructor(
    private readonly sweep: NoticeSweep,
    /** Of what is known of accounts. */
    private readonly accounts: Pick<FollowerRunner, 'checkpoint'>,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async round(): Promise<void> {
    // Throws where the tables are of another log: then nothing in them is true.
    await this.accounts.checkpoint();
    const isFull = performance.now() >= this.nextFullMs;
    await this.sweep.run(new Date().toISOString(), isFull ? LATEST_SECONDS : HOUR_SECONDS);
    if (isFull) this.nextFullMs = performance.now() + DAY_MS;
  }

  /** With jitter, so that several processes do not all come at once. */
  private schedule(): void {
    this.timer = setTimeout(
      () => {
        this.running = this.round()
          .catch((error: unknown) => this.logger.warn(`Notices are looked for again soon: ${String(error)}`))
          .finally(() => {
            if (!this.stopped) this.schedule();
          });
      },
      PERIOD_MS * (0.75 + Math.random() / 2),
    );
    this.timer.unref();
  }
}
