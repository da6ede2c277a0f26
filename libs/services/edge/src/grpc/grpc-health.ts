import type { HealthImplementation } from 'grpc-health-check';
import type { Readiness } from '../observing/readiness.js';

const EVERY_MS = 2_000;

/**
 * Says through grpc.health.v1 what readiness says, for balancers that look at that door only. Resolves when it has been
 * asked for the first time; the function that it gives ends it, with NOT_SERVING.
 */
export const followReadiness = async (
  health: HealthImplementation,
  readiness: Readiness,
  everyMs = EVERY_MS,
): Promise<() => void> => {
  let stopped = false;
  let told: boolean | undefined;
  let timer: NodeJS.Timeout | undefined;
  const tell = (ready: boolean): void => {
    // Every call is sent to all who watch.
    if (ready !== told) health.setStatus('', ready ? 'SERVING' : 'NOT_SERVING');
    told = ready;
  };
  const look = async (): Promise<void> => {
    const ready = await readiness.isReady();
    if (stopped) return;
    tell(ready);
    timer = setTimeout(() => void look(), everyMs).unref();
  };
  await look();
  return () => {
    stopped = true;
    clearTimeout(timer);
    tell(false);
  };
};
