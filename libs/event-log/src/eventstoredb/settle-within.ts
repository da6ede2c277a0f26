import { NoAnswer } from './failure.js';

/** What the promise comes to, or NoAnswer after `ms`. What it comes to later is dropped. */
export const settleWithin = async <Value>(ms: number, promise: Promise<Value>): Promise<Value> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    // One turn more: after a standstill of this process the timer is due before an answer that came in time is read.
    timer = setTimeout(() => setImmediate(() => reject(new NoAnswer(ms))), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    promise.catch(() => undefined);
  }
};
