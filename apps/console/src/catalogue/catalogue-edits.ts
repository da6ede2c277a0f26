import type { ApiEndpoint } from '../applications/application-queries.js';
import type { components } from '../api/generated/schema.js';

export type Catalogue = components['schemas']['ApiEndpointCatalogue'];
export type EndpointInput = components['schemas']['ApiEndpointInput'];
export type Method = EndpointInput['method'];

export const methods: readonly Method[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'ANY'];

export const isMethod = (text: string): text is Method => methods.some((method) => method === text);

/** What an endpoint is, beside its id. */
export interface Entry {
  readonly method: Method;
  readonly path: string;
}

/** By endpoint id: what it is to be, or null for one that is to be retired. What is not named stays as it is. */
export type Edits = Readonly<Record<string, Entry | null>>;

/** An id may have the name of something that every object has. */
export const editOf = (edits: Edits, endpointId: string): Entry | null | undefined =>
  Object.hasOwn(edits, endpointId) ? edits[endpointId] : undefined;

export type Kind = 'added' | 'changed' | 'retired';

export interface Change {
  readonly endpointId: string;
  readonly kind: Kind;
  readonly before: Entry | null;
  readonly now: Entry | null;
}

const entryOf = ({ method, path }: ApiEndpoint): Entry => ({ method: method as Method, path });

const isSame = (left: Entry | null, right: Entry | null): boolean =>
  left?.method === right?.method && left?.path === right?.path;

/** What is listed, by id. A retired one is not. */
const listed = (endpoints: readonly ApiEndpoint[]): ReadonlyMap<string, Entry> =>
  new Map(
    endpoints.filter(({ status }) => status === 'active').map((each) => [each.endpointId, entryOf(each)] as const),
  );

export const inWords = ({ method, path }: Entry): string => `${method} ${path}`;

const kindOf = (before: Entry | null, now: Entry | null): Kind => {
  if (before === null) return 'added';
  return now === null ? 'retired' : 'changed';
};

/** What is different between two catalogues, by id. */
export const changesBetween = (before: readonly ApiEndpoint[], now: readonly ApiEndpoint[]): readonly Change[] => {
  const [old, latest] = [listed(before), listed(now)];
  return [...new Set([...old.keys(), ...latest.keys()])].toSorted().flatMap((endpointId) => {
    const [was, is] = [old.get(endpointId) ?? null, latest.get(endpointId) ?? null];
    return isSame(was, is) ? [] : [{ endpointId, kind: kindOf(was, is), before: was, now: is }];
  });
};

/** The edits that change something of that catalogue. */
export const effective = (edits: Edits, { endpoints }: Catalogue): Edits => {
  const there = listed(endpoints);
  return Object.fromEntries(Object.entries(edits).filter(([id, entry]) => !isSame(there.get(id) ?? null, entry)));
};

/** The whole list with the edits, as it is saved. One left out is retired. */
export const wanted = ({ endpoints }: Catalogue, edits: Edits): EndpointInput[] => {
  const all = new Map<string, Entry | null>([...listed(endpoints), ...Object.entries(edits)]);
  return [...all].flatMap(([endpointId, entry]) => (entry === null ? [] : [{ endpointId, ...entry }]));
};

export interface Row extends ApiEndpoint {
  /** What saving would make of it; undefined where it stays as it is. */
  readonly change: Change | undefined;
}

/** All that there is, and what is added, by id. */
export const rowsOf = (catalogue: Catalogue, edits: Edits): readonly Row[] => {
  const there = new Map(catalogue.endpoints.map((each) => [each.endpointId, each]));
  const active = listed(catalogue.endpoints);
  return [...new Set([...there.keys(), ...Object.keys(edits)])].toSorted().map((endpointId) => {
    const [present, edit, before] = [there.get(endpointId), editOf(edits, endpointId), active.get(endpointId) ?? null];
    const change = edit === undefined ? undefined : { endpointId, kind: kindOf(before, edit), before, now: edit };
    const shown = edit ?? before ?? (present === undefined ? { method: 'GET' as const, path: '' } : entryOf(present));
    return { endpointId, ...shown, status: present?.status ?? 'active', change };
  });
};

/** Ids that have the same method and path as an earlier one, with that one. */
export const clashesIn = (endpoints: readonly EndpointInput[]): readonly (readonly [id: string, as: string])[] => {
  const seen = new Map<string, string>();
  return endpoints.flatMap(({ endpointId, method, path }) => {
    const key = inWords({ method, path });
    const first = seen.get(key);
    if (first !== undefined) return [[endpointId, first] as const];
    seen.set(key, endpointId);
    return [];
  });
};
