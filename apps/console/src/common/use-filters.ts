import { useSearchParams } from 'react-router';

export interface Filters {
  readonly get: (name: string) => string;
  /** Empty takes the filter away. */
  readonly set: (name: string, value: string) => void;
  readonly isFiltered: boolean;
  readonly clear: () => void;
}

/** What a list is filtered by, in the address, so that a pasted link shows the same. */
export const useFilters = (names: readonly string[]): Filters => {
  const [parameters, setParameters] = useSearchParams();
  /** Of the address as it is now: what is rendered may not have caught up with the last change. */
  const change = (make: (next: URLSearchParams) => void): void => {
    const next = new URLSearchParams(location.search);
    make(next);
    setParameters(next, { replace: true });
  };
  const set = (name: string, value: string): void =>
    change((next) => (value === '' ? next.delete(name) : next.set(name, value)));
  const clear = (): void => change((next) => names.forEach((name) => next.delete(name)));
  const isFiltered = names.some((name) => parameters.has(name));
  return { get: (name) => parameters.get(name) ?? '', set, isFiltered, clear };
};
