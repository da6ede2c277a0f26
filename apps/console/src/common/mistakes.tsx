import type { ReactElement } from 'react';

const MOST_SHOWN = 5;

/** What is wrong with the lines of a text, the first ones of many. */
export const Mistakes = ({ all }: { readonly all: readonly string[] }): ReactElement => (
  <>
    {all.slice(0, MOST_SHOWN).map((each) => (
      <span key={each} className="mistake">
        {each}
      </span>
    ))}
    {all.length > MOST_SHOWN && <span className="mistake">And {all.length - MOST_SHOWN} more.</span>}
  </>
);
