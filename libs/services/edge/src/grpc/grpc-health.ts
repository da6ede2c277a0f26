import type { handleServerStreamingCall, Server } from '@grpc/grpc-js';
import type { HealthImplementation } from 'grpc-health-check';
import type { Readiness } from '../observing/readiness.js';

/**
 * Adds grpc.health.v1. Its library never forgets the name of a service that was watched, so that strangers could fill
 * the memory with names: it sees only those who watch the whole server, and the others are told what it would say.
 */
export const addHealth = (health: HealthImplementation, server: Pick<Server, 'addService'>): void => {
  const addService: Server['addService'] = (service, handlers) => {
    const watchAll = handlers['watch'] as handleServerStreamingCall<{ service: string }, { status: string }>;
    const watch: typeof watchAll = (call) => {
      if (call.request.service === '') watchAll(call);
      else call.write({ status: 'SERVICE_UNKNOWN' });
    };
    server.addService(service, { ...handlers, watch });
  };
  health.addToServer({ addService });
};

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
