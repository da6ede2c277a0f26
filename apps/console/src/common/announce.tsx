import type { ReactElement, ReactNode } from 'react';

/** Read out when it changes, and never seen. */
export const Announce = ({ children }: { readonly children: ReactNode }): ReactElement => (
  <span className="visually-hidden" role="status" aria-live="polite">
    {children}
  </span>
);
