import { QueryClient } from '@tanstack/react-query';
import { session } from '../shell/session.js';
import { onWriteElsewhere } from './positions.js';
import { toProblem } from './problem.js';
import { MOST_TRIES, noteTrouble, onRetryNow, waitMs } from './trouble.js';

/** Notes what went wrong for the line at the top, and says how long to wait. */
const waitAfter = (tries: number, error: unknown): number => {
  const problem = toProblem(error);
  const ms = waitMs(tries, problem);
  noteTrouble(problem, ms);
  return ms;
};

const mayTryAgain = (tries: number, error: unknown): boolean => {
  const problem = toProblem(error);
  if (!problem.isPassing) return false;
  if (tries < MOST_TRIES) return true;
  noteTrouble(problem);
  return false;
};

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: mayTryAgain,
      retryDelay: waitAfter,
      // The browser's own opinion of the network is often wrong: we ask, and tell what came of it.
      networkMode: 'always',
      staleTime: 5_000,
      gcTime: 5 * 60_000,
    },
  },
});

const readAgain = (): void => void queryClient.invalidateQueries();

/** After a refusal because something has changed meanwhile: leaves the question, and reads everything again. */
export const lookAgain = (leave: () => void): void => {
  leave();
  readAgain();
};

onWriteElsewhere(readAgain);
onRetryNow(() => {
  void queryClient.cancelQueries().then(readAgain);
});
// After signing in again what was refused meanwhile is asked for once more.
session.subscribe(() => {
  if (session.get() !== null) readAgain();
});
