import { setTimeout as sleep } from 'node:timers/promises';

/** For what trying again does not help: a person must see to it. */
export const giveUp = (message: string): never => {
  console.error(message);
  process.exit(1);
};

/** What fails on a network often tells only inside what it was. */
export const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : reasonOf(error.cause);
};

/** The pauses differ: not all that have lost the same server come back at once. */
export const untilItWorks = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      console.warn(`${what}: ${reasonOf(error)} - trying again`);
      await sleep(1_000 + Math.random() * 4_000);
    }
  }
};
