import { Problem } from '@keyledger/edge';

/** A timer takes no more; no connection lives as long. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const expired = (): Problem => new Problem('unauthenticated', 'The token has expired. Get a new one.');

/** Ends what is waited for when a token ends, also where nothing else happens. */
export class TokenLifetime {
  private readonly timer: NodeJS.Timeout;
  private reject: ((problem: Problem) => void) | undefined;

  constructor(private readonly expiresAtMs: number) {
    const lasts = Math.max(0, Math.min(expiresAtMs - Date.now(), MAX_TIMER_MS));
    this.timer = setTimeout(() => this.reject?.(expired()), lasts).unref();
  }

  /** Settles as `awaited` does. Throws `unauthenticated` once the token has ended. One is waited for at a time. */
  during<T>(awaited: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.reject = reject;
      awaited.then(resolve, reject);
      if (Date.now() >= this.expiresAtMs) reject(expired());
    });
  }

  /** It is not asked for any more. */
  forget(): void {
    clearTimeout(this.timer);
    this.reject = undefined;
  }
}
