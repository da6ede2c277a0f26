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
  const set = (name: string, value: string): void =>
    setParameters(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const clear = (): void =>
    setParameters(
      (before) => {
        const next = new URLSearchParams(before);
        for (const name of names) next.delete(name);
        return next;
      },
      { replace: true },
    );
  const isFiltered = names.some((name) => parameters.has(name));
  return { get: (name) => parameters.get(name) ?? '', set, isFiltered, clear };
};
