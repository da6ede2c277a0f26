import { onTokenEnd, tokenEnded, type Principal } from '@keyledger/edge';

/** Ends what is waited for when a token ends, also where nothing else happens. */
export class TokenLifetime {
  /** It is not asked for any more. */
  readonly forget: () => void;
  private reject: ((problem: Error) => void) | undefined;

  constructor(private readonly caller: Principal) {
    this.forget = onTokenEnd(caller, (problem) => this.reject?.(problem));
  }

  /** Settles as `awaited` does. Throws `unauthenticated` once the token has ended. One is waited for at a time. */
  during<T>(awaited: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.reject = reject;
      awaited.then(resolve, reject);
      if (Date.now() >= this.caller.expiresAtMs) reject(tokenEnded());
    });
  }
}
