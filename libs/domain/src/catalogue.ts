import type { Change } from './changes.js';
import { entriesOf, emptyKeyed, getKeyed, setKeyed, type Keyed } from './keyed.js';
import { checkPaths } from './endpoint-path.js';
import { invalidField, Rejection, type FieldError } from './rejection.js';

/** One endpoint of the company's API, as gateways name it when they ask for a verdict. */
export interface Endpoint {
  readonly method: string;
  readonly path: string;
}

/** A retired endpoint is still shown where it is connected, but opens nothing and is not connected anew. */
export interface CatalogueEndpoint extends Endpoint {
  readonly endpointId: string;
  readonly status: 'active' | 'retired';
}

/** What changed, by endpoint id. From null: it was not active before. To null: it is retired. */
export interface ApiEndpointsReplaced {
  readonly type: 'ApiEndpointsReplaced';
  readonly changes: Readonly<Record<string, Change<Endpoint | null>>>;
  readonly at: string;
}

export type CatalogueEvent = ApiEndpointsReplaced;

/** The installation's one list of endpoints. Before its first event: revision -1, no time. */
export interface CatalogueState {
  readonly revision: number;
  readonly lastAt: string | null;
  readonly endpoints: Keyed<CatalogueEndpoint>;
}

export const emptyCatalogue: CatalogueState = { revision: -1, lastAt: null, endpoints: emptyKeyed() };

/** The ids that an application may connect. */
export const connectableEndpointIds = (state: CatalogueState): ReadonlySet<string> =>
  new Set(entriesOf(state.endpoints).flatMap(([endpointId, { status }]) => (status === 'active' ? [endpointId] : [])));

const changed = (
  endpoints: Keyed<CatalogueEndpoint>,
  endpointId: string,
  to: Endpoint | null,
): Keyed<CatalogueEndpoint> => {
  if (to !== null) {
    return setKeyed(endpoints, endpointId, { endpointId, method: to.method, path: to.path, status: 'active' });
  }
  const before = getKeyed(endpoints, endpointId);
  return before === undefined ? endpoints : setKeyed(endpoints, endpointId, { ...before, status: 'retired' });
};

/** The catalogue after `event`, the next one of its stream. Never throws. */
export const evolveCatalogue = (state: CatalogueState, event: CatalogueEvent): CatalogueState => ({
  revision: state.revision + 1,
  lastAt: event.at,
  endpoints: Object.entries(event.changes).reduce(
    (endpoints, [endpointId, { to }]) => changed(endpoints, endpointId, to),
    state.endpoints,
  ),
});

const requireDistinct = (endpoints: readonly CatalogueEndpoint[]): void => {
  const seen = new Set<string>();
  const errors: FieldError[] = [];
  for (const { endpointId } of endpoints) {
    if (seen.has(endpointId)) errors.push({ field: 'endpoints', message: `lists "${endpointId}" more than once` });
    seen.add(endpointId);
  }
  if (errors.length === 0) return;
  throw new Rejection('invalid-request', 'Each endpoint may be listed once. Remove the repetitions.', errors);
};

const sameEndpoint = (left: Endpoint | null, right: Endpoint | null): boolean =>
  left?.method === right?.method && left?.path === right?.path;

const activeAs = (endpoint: CatalogueEndpoint | undefined): Endpoint | null =>
  endpoint?.status === 'active' ? { method: endpoint.method, path: endpoint.path } : null;

const MOST_ACTIVE = 1_000;

/** The wanted endpoints, their paths in the one form that paths have. */
const validated = (wanted: readonly CatalogueEndpoint[], state: CatalogueState): readonly CatalogueEndpoint[] => {
  requireDistinct(wanted);
  if (wanted.filter(({ status }) => status === 'active').length > MOST_ACTIVE) {
    throw invalidField('endpoints', `must be at most ${MOST_ACTIVE} active ones`);
  }
  // A retired one opens nothing, whatever its path is.
  const isKept = (endpoint: CatalogueEndpoint): boolean =>
    endpoint.status === 'retired' ||
    sameEndpoint(activeAs(getKeyed(state.endpoints, endpoint.endpointId)), activeAs(endpoint));
  const { endpoints, errors } = checkPaths(wanted, isKept);
  if (errors.length === 0) return endpoints;
  throw new Rejection('invalid-request', errors.map(({ field, message }) => `${field} ${message}`).join('; '), errors);
};

/**
 * Makes `endpoints` the catalogue. What is not listed, or listed as retired, becomes retired; a retired one that is
 * listed again becomes active. No event if nothing changes.
 */
export const decideReplaceEndpoints = (
  endpoints: readonly CatalogueEndpoint[],
  state: CatalogueState,
  at: string,
): readonly CatalogueEvent[] => {
  const wanted = new Map(validated(endpoints, state).map((endpoint) => [endpoint.endpointId, activeAs(endpoint)]));
  const present = new Map(entriesOf(state.endpoints).map(([endpointId, endpoint]) => [endpointId, activeAs(endpoint)]));
  const changes = [...new Set([...present.keys(), ...wanted.keys()])].flatMap((endpointId) => {
    const from = present.get(endpointId) ?? null;
    const to = wanted.get(endpointId) ?? null;
    return sameEndpoint(from, to) ? [] : [[endpointId, { from, to }] as const];
  });
  return changes.length === 0 ? [] : [{ type: 'ApiEndpointsReplaced', changes: Object.fromEntries(changes), at }];
};
