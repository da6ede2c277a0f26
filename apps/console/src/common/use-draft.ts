import { useState } from 'react';

const placeOf = (form: string): string => `keyledger.draft.${form}`;

/** What is typed into a form, kept for this tab: it survives a reload and signing in again. Never for secrets. */
export const useDraft = <T extends object>(
  form: string,
  empty: T,
): readonly [draft: T, change: (part: Partial<T>) => void, forget: () => void] => {
  const [draft, setDraft] = useState<T>(() => {
    const kept = sessionStorage.getItem(placeOf(form));
    return kept === null ? empty : { ...empty, ...(JSON.parse(kept) as Partial<T>) };
  });
  const change = (part: Partial<T>): void => {
    const next = { ...draft, ...part };
    sessionStorage.setItem(placeOf(form), JSON.stringify(next));
    setDraft(next);
  };
  const forget = (): void => {
    sessionStorage.removeItem(placeOf(form));
    setDraft(empty);
  };
  return [draft, change, forget];
};
