import { useCallback, useEffect, useRef, useState } from 'react';
import { type ApiProblem, toProblem } from './problem.js';
import { queryClient } from './query-client.js';
import { clearTrouble, MOST_TRIES, noteTrouble, waitForRetry, waitMs } from './trouble.js';

/**
 * Sends it again as long as that may help and is wanted. Only for what may be repeated: with its key, or the same each
 * time.
 */
export const untilAnswered = async <R>(send: () => Promise<R>, isWanted = (): boolean => true): Promise<R> => {
  for (let tries = 0; ; tries += 1) {
    try {
      return await send();
    } catch (error) {
      const problem = toProblem(error);
      const isOver = !problem.isPassing || tries === MOST_TRIES;
      if (!isOver) {
        const ms = waitMs(tries, problem);
        noteTrouble(problem, ms);
        await waitForRetry(ms);
      }
      if (isOver || !isWanted()) {
        clearTrouble();
        throw error;
      }
    }
  }
};

interface Options<R> {
  /** Told of the answer, before anything is read again. */
  readonly onDone?: (answer: R) => void;
  /** False for what must not be sent twice, because each time leaves something behind. */
  readonly repeatable?: boolean;
}

export interface Write<A extends readonly unknown[]> {
  /** Whether it went well. While one is under way another does nothing: a double click is one click. */
  readonly run: (...args: A) => Promise<boolean>;
  readonly isRunning: boolean;
  /** Why the last one was refused. */
  readonly problem: ApiProblem | undefined;
  /** What was refused is not shown any more, and what waits for another try gets none. */
  readonly forget: () => void;
}

/**
 * A write and how it stands. Its answer is given to `onDone` and kept nowhere, so that no cache ever holds a secret;
 * then all that is shown is read again. Who leaves the question does not want it any more: then it is not tried again.
 */
export const useWrite = <A extends readonly unknown[], R>(
  send: (...args: A) => Promise<R>,
  { onDone, repeatable = true }: Options<R> = {},
): Write<A> => {
  const [isRunning, setRunning] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const underWay = useRef(false);
  const timesLeft = useRef(0);
  const run = async (...args: A): Promise<boolean> => {
    if (underWay.current) return false;
    underWay.current = true;
    const begunAfter = timesLeft.current;
    setRunning(true);
    setProblem(undefined);
    try {
      const once = (): Promise<R> => send(...args);
      onDone?.(await (repeatable ? untilAnswered(once, () => timesLeft.current === begunAfter) : once()));
      void queryClient.invalidateQueries();
      return true;
    } catch (error) {
      setProblem(toProblem(error));
      return false;
    } finally {
      underWay.current = false;
      setRunning(false);
    }
  };
  const forget = useCallback(() => {
    timesLeft.current += 1;
    setProblem(undefined);
  }, []);
  useEffect(() => () => void (timesLeft.current += 1), []);
  return { run, isRunning, problem, forget };
};
