import type { ApiProblem } from './problem.js';
import { Store } from './store.js';

/** What keeps requests from being answered now, for the line at the top. */
export interface Trouble {
  readonly problem: ApiProblem;
  /** When it is tried again, in milliseconds since 1970; undefined where somebody has to ask for it. */
  readonly retryAtMs: number | undefined;
}

export const trouble = new Store<Trouble | null>(null);
/** Requests that have been waiting for their answer for longer than people expect. */
export const slowRequests = new Store(0);

const LONGEST_WAIT_MS = 15_000;
export const MOST_TRIES = 6;

/** How long to wait before the next try, as the server asks for it, or twice as long each time. */
export const waitMs = (tries: number, { retryAfterSeconds }: ApiProblem): number =>
  Math.min(LONGEST_WAIT_MS, retryAfterSeconds === undefined ? 1_000 * 2 ** tries : retryAfterSeconds * 1_000);

export const noteTrouble = (problem: ApiProblem, retryInMs?: number): void =>
  trouble.set({ problem, retryAtMs: retryInMs === undefined ? undefined : Date.now() + retryInMs });

export const clearTrouble = (): void => trouble.set(null);

const impatient = new EventTarget();
const NOW = 'now';

/** Ends every wait for another try. */
export const retryNow = (): void => void impatient.dispatchEvent(new Event(NOW));

export const onRetryNow = (listener: () => void): (() => void) => {
  impatient.addEventListener(NOW, listener);
  return () => impatient.removeEventListener(NOW, listener);
};

/** Resolves after that time, or as soon as somebody is impatient. */
export const waitForRetry = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      impatient.removeEventListener(NOW, end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    impatient.addEventListener(NOW, end);
  });

window.addEventListener('online', retryNow);
