import type { ReactElement, ReactNode } from 'react';

interface Props {
  readonly facts: readonly { readonly label: string; readonly value: ReactNode }[];
}

/** What is known of one thing: a label and a value each. */
export const Facts = ({ facts }: Props): ReactElement => (
  <dl className="facts">
    {facts.map(({ label, value }) => (
      <div key={label}>
        <dt>{label}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
