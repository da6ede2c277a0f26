import { useSearchParams } from 'react-router';
import type { AuditItem, TrailQuery } from './audit-queries.js';

/** What a trail can be filtered by. Of several actions there are commas between, here and in the address. */
export const filterNames = ['actor', 'action', 'excludeAction', 'credentialId', 'applicationId', 'from', 'to'] as const;

export type TrailFilters = Readonly<Record<(typeof filterNames)[number], string>>;

const actionsIn = (text: string): AuditItem['action'][] => text.split(',') as AuditItem['action'][];

/** As the API is asked. What it does not know it refuses, and says so. */
export const queryOf = (filters: TrailFilters): TrailQuery => {
  const { actor, action, excludeAction, credentialId, applicationId, from, to } = filters;
  return {
    ...(actor && { actor }),
    ...(action && { action: actionsIn(action) }),
    ...(excludeAction && { excludeAction: actionsIn(excludeAction) }),
    ...(credentialId && { credentialId }),
    ...(applicationId && { applicationId }),
    ...(from && { from }),
    ...(to && { to }),
  };
};

/** Filters of the address, and how to set all of them together: each look at a trail is recorded. */
export const useTrailFilters = (): readonly [filters: TrailFilters, set: (filters: Partial<TrailFilters>) => void] => {
  const [parameters, setParameters] = useSearchParams();
  const entries = filterNames.map((name) => [name, parameters.get(name) ?? '']);
  const set = (next: Partial<TrailFilters>): void =>
    setParameters(filterNames.flatMap((name): [string, string][] => (next[name] ? [[name, next[name]]] : [])));
  return [Object.fromEntries(entries) as TrailFilters, set];
};
