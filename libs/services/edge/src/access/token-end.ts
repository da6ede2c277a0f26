import { Problem } from '../operation/problem.js';
import type { Principal } from './principal.js';

/** A timer takes no more; no connection lives as long. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const tokenEnded = (): Problem => new Problem('unauthenticated', 'The token has expired. Get a new one.');

/** Tells once the token of a caller has ended, and answers with how to forget that. */
export const onTokenEnd = ({ expiresAtMs }: Principal, tell: (problem: Problem) => void): (() => void) => {
  const lastsMs = Math.max(0, Math.min(expiresAtMs - Date.now(), MAX_TIMER_MS));
  const timer = setTimeout(() => tell(tokenEnded()), lastsMs).unref();
  return () => clearTimeout(timer);
};
