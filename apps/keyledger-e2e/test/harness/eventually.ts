import { setTimeout as delay } from 'node:timers/promises';

const LOOK_AGAIN_MS = 50;

/** Looks again and again until there is an answer. Throws after the deadline, with what was seen last. */
export const eventually = async <T>(
  look: () => Promise<{ readonly answer?: T; readonly seen: unknown }>,
  deadlineMs = 60_000,
): Promise<T> => {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const { answer, seen } = await look();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`It did not come to that; the last look was ${JSON.stringify(seen)}`);
    await delay(LOOK_AGAIN_MS);
  }
};
