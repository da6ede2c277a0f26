import { Wakeup } from './waiting.js';

const FIRST_MS = 25;
const MAX_MS = 2_000;

/** How long to wait before the next attempt: doubling to 2 s, with jitter so that processes do not retry in step. */
export const backoffMs = (failures: number): number =>
  Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2);

/** Resolves after `ms`, or at once when `signal` aborts. */
export const pause = async (ms: number, signal?: AbortSignal): Promise<void> => {
  const never = new Wakeup();
  await never.wait(never.count, ms, signal);
};
