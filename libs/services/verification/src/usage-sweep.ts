import type { UsageTables } from '@keyledger/edge';
import { reasonOf } from '@keyledger/postgres';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { CredentialIndex } from './credential-index.js';

const PERIOD_MS = 60 * 60_000;
/** What was counted later may be of a credential that this process has not heard of yet. */
const MIN_AGE_MS = 60 * 60_000;
/** An index that is older may lack credentials. */
const FRESH_MS = 10_000;
const PAGE_SIZE = 200;

interface Parts {
  readonly tables: UsageTables;
  readonly follower: { readonly index: CredentialIndex | undefined; ageMs(): number };
  /** For how long days are kept. */
  readonly days: number;
}

/** Forgets how deleted credentials were used, and days that are too long ago. Several processes may do it at once. */
export class UsageSweep implements OnApplicationShutdown {
  private readonly logger = new Logger('usage sweep');
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: Parts) {
    this.schedule();
  }

  /** One round over everything that was counted last at least `minAgeMs` ago. */
  async sweep(minAgeMs: number): Promise<void> {
    const { tables, follower, days } = this.parts;
    await tables.forgetOlderThan(days);
    for await (const page of tables.countedBefore(minAgeMs, PAGE_SIZE)) {
      const { index } = follower;
      if (this.stopped || index === undefined || follower.ageMs() > FRESH_MS) return;
      const deleted = page.filter(({ accountId, credentialId }) => {
        // Of an account with an event that cannot be read, a credential may be missing that is there.
        const account = index.account(accountId);
        return account?.unreadable === false && index.credential(credentialId) === undefined;
      });
      if (deleted.length > 0) await tables.forget(deleted.map(({ credentialId }) => credentialId));
    }
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** With jitter, so that several processes do not all come at once. */
  private schedule(): void {
    this.timer = setTimeout(
      () => {
        this.running = this.sweep(MIN_AGE_MS)
          .catch((error: unknown) => this.logger.warn(`It failed and will be tried again: ${reasonOf(error)}`))
          .finally(() => {
            if (!this.stopped) this.schedule();
          });
      },
      PERIOD_MS * (0.75 + Math.random() / 2),
    );
    this.timer.unref();
  }
}
