import type { Position } from '../event-log.js';

export interface CopyProgress {
  /** `comparing` what the target holds already; `copying` what it lacks; `proving` that both are equal. */
  readonly phase: 'comparing' | 'copying' | 'proving';
  /** Events of the source that this phase has dealt with. */
  readonly events: number;
  /** Where the last one stands in the source. */
  readonly position: Position;
}

export interface CopyOptions {
  /** Ends the copy at the next point from which another attempt can go on. */
  readonly signal: AbortSignal;
  /** For how long one of the logs may fail to answer before the copy gives up. */
  readonly patienceMs?: number;
  readonly onProgress?: (progress: CopyProgress) => void;
  /** What is waited for, in words; it may come often. */
  readonly onTrouble?: (line: string) => void;
}

/** A log with the name by which messages call it. */
export type Side = 'source' | 'target';

export const PATIENCE_MS = 300_000;

/**
 * The copy cannot go on; the message says what to do. What is in the target by then is a beginning of the source,
 * unless the message says that it differs: the next attempt goes on from there.
 */
export class CopyFailed extends Error {
  override readonly name = 'CopyFailed';
}

export const STOPPED = 'Stopped. The same command goes on from here.';
