import { queryOptions } from '@tanstack/react-query';
import { unreachable } from '../api/problem.js';

/** One part of a process, and whether it can serve. */
export interface Part {
  /** Undefined where everything is one process. */
  readonly service: string | undefined;
  readonly name: string;
  readonly isUp: boolean;
}

/** Where the services are apart, the gateway has a path for each. */
const services = [
  'command-service',
  'listing-service',
  'audit-service',
  'verification-service',
  'event-publisher',
  'webhook-service',
  'console-service',
];

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const detailsIn = (body: unknown): object =>
  isObject(body) && 'details' in body && isObject(body.details) ? body.details : {};

/** Of the path of one process, if there is such a path. Its 503 has the same body as its 200. */
const ask = async (path: string, signal: AbortSignal): Promise<object | undefined> => {
  try {
    const response = await fetch(path, { signal, cache: 'no-store' });
    if (response.status === 404) return undefined;
    return detailsIn(await response.json());
  } catch (error) {
    if (signal.aborted) throw error;
    throw unreachable();
  }
};

const partsIn = (details: object, service?: string): readonly Part[] =>
  // They come in the order in which they were answered, which is another one each time.
  Object.entries(details)
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([name, says]: readonly [string, { readonly status?: unknown } | null]) => ({
      service,
      name,
      isUp: says?.status === 'up',
    }));

/** Of a service apart. One that gives no answer that can be read is told as down, and not passed over. */
const partsOf = async (service: string, signal: AbortSignal): Promise<readonly Part[]> => {
  const details = await ask(`/${service}/health/ready`, signal).catch(() => ({}));
  if (details === undefined) return [];
  const parts = partsIn(details, service);
  return parts.length > 0 ? parts : [{ service, name: 'process', isUp: false }];
};

const read = async (signal: AbortSignal): Promise<readonly Part[]> => {
  const details = await ask('/health/ready', signal);
  if (details !== undefined) return partsIn(details);
  return (await Promise.all(services.map((service) => partsOf(service, signal)))).flat();
};

const EVERY_MS = 5_000;

/** Each part of the installation, asked as what balances requests asks it. */
export const partsQuery = queryOptions({
  queryKey: ['installation-parts'],
  queryFn: ({ signal }) => read(signal),
  refetchInterval: EVERY_MS,
});

/** What a part is, for those who do not know its name. */
export const partMeanings: Readonly<Record<string, string>> = {
  log: 'The log of events: it answers.',
  database: 'PostgreSQL: it answers.',
  listing: 'Lists contain what is in the log.',
  audit: 'The audit trail contains what is in the log.',
  publisher: 'Events are published to Kafka, or go on once the brokers are there.',
  feed: 'The feed of events is served.',
  verifier: 'Verdicts are given by what is in the log, less than three seconds old.',
  webhook_events: 'Events of accounts become webhooks.',
  webhook_accounts: 'Webhooks know the endpoints and secrets of accounts.',
  process: 'The process: it gives no answer.',
};
