import type { AttemptResult, DueDelivery } from './delivery-store.js';

/** How an attempt went. */
export interface Made {
  /** `delivered`, or why not. */
  readonly outcome: string;
  readonly status: number | null;
  readonly durationMs: number;
  /** The first KiB of the answer. */
  readonly answer: string;
  /** Of the endpoint that it was made to, as it was known then. */
  readonly seenRevision: number;
}

/** One attempt to deliver, and what must be known before it. */
export interface Attempt {
  /** Whether what is known of accounts is all that was acknowledged before this call. */
  isFresh(): Promise<boolean>;
  standing(accountId: string, endpointId: string): 'open' | 'disabled' | 'deleted';
  /** Of the endpoint, as it is known now. */
  revision(accountId: string, endpointId: string): number | undefined;
  /** Undefined where it was broken off by a stop. */
  make(accountId: string, delivery: DueDelivery, at: Date): Promise<Made | undefined>;
  /** Told once the result is kept. */
  concluded(accountId: string, result: AttemptResult): Promise<void>;
}
