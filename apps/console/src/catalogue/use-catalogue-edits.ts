import { useDraft } from '../common/use-draft.js';
import { effective, type Catalogue, type Edits } from './catalogue-edits.js';

interface Draft {
  readonly edits: Edits;
  /** The catalogue as it was when the editing began; null as long as nothing is edited. */
  readonly base: Catalogue | null;
}

const empty: Draft = { edits: {}, base: null };

export interface CatalogueEdits {
  readonly edits: Edits;
  /** What the edits are made on. */
  readonly base: Catalogue;
  readonly count: number;
  /** Somebody else has written the catalogue since the editing began. */
  readonly hasChangedMeanwhile: boolean;
  readonly set: (edits: Edits) => void;
  readonly undo: (endpointId: string) => void;
  /** Goes on with the edits, on top of the catalogue as it is now. */
  readonly keep: () => void;
  readonly discard: () => void;
}

/** What is edited and not saved yet, kept for this tab. */
export const useCatalogueEdits = (catalogue: Catalogue): CatalogueEdits => {
  const [draft, change, forget] = useDraft<Draft>('api-endpoints', empty);
  const base = draft.base ?? catalogue;
  const put = (next: Edits, on: Catalogue): void => {
    const edits = effective(next, on);
    if (Object.keys(edits).length === 0) forget();
    else change({ edits, base: on });
  };
  return {
    edits: draft.edits,
    base,
    count: Object.keys(draft.edits).length,
    hasChangedMeanwhile: base.revision !== catalogue.revision,
    set: (edits) => put({ ...draft.edits, ...edits }, base),
    undo: (endpointId) =>
      put(Object.fromEntries(Object.entries(draft.edits).filter(([id]) => id !== endpointId)), base),
    keep: () => put(draft.edits, catalogue),
    discard: forget,
  };
};
