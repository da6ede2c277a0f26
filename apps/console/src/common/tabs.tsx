import type { ReactElement } from 'react';
import { NavLink } from 'react-router';

interface Props {
  readonly label: string;
  readonly tabs: readonly { readonly to: string; readonly title: string }[];
}

/** Parts of one page, each with an address of its own. */
export const Tabs = ({ label, tabs }: Props): ReactElement => (
  <nav className="tabs" aria-label={label}>
    {tabs.map(({ to, title }) => (
      <NavLink key={to} to={to} end>
        {title}
      </NavLink>
    ))}
  </nav>
);
